"""nbgrader courses: its workflow and gradebook, our judgement.

    grade nbgrader init       source/<unit>/*.ipynb and a few lines in nbgrader_config.py
    nbgrader autograde        as ever; for this unit's assignment our exporter and preprocessors stand where nbgrader's stood
    grade nbgrader autograde  the same for a whole class in one warm run
    grade nbgrader push       results of `grade run` into the gradebook

Reads: a course folder, whose `submitted/` students wrote. Writes: what nbgrader would write (`autograded/`, `gradebook.db`, through its own API) and,
beside them, `results/<assignment>/` as `grade run` leaves it. A student's code goes the way of every submission, through intake and the
sandbox; no kernel is started, and nothing that a notebook says about its own grading is believed.

nbgrader is an extra and imported where it is used.
"""

PIP = "pip install 'reparam-exercises[nbgrader]'"
