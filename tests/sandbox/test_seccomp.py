"""The BPF program does what the table says: it is interpreted over all call numbers, and tried on the real kernel."""

from __future__ import annotations

import itertools
import struct

import pytest

from grader.sandbox import seccomp

MACHINES = ("x86_64", "aarch64")


def interpret(program: bytes, architecture: int, number: int, arguments: tuple[int, ...] = ()) -> int:
    """What the kernel would return for one call: classic BPF over struct seccomp_data, only the instructions a seccomp filter may use."""
    data = struct.pack("=IIQ6Q", number, architecture, 0, *(*arguments, *(0,) * (6 - len(arguments))))
    instructions = list(struct.iter_unpack("=HBBI", program))
    at = accumulator = 0
    while True:
        code, then, otherwise, k = instructions[at]
        at += 1
        match code:
            case 0x20:
                assert k % 4 == 0
                (accumulator,) = struct.unpack_from("=I", data, k)
            case 0x15:
                at += then if accumulator == k else otherwise
            case 0x35:
                at += then if accumulator >= k else otherwise
            case 0x54:
                accumulator &= k
            case 0x06:
                return k
            case _:
                raise AssertionError(f"instruction {code:#x} is not in the repertoire")


def table(machine: str) -> tuple[dict[int, int], dict[int, seccomp.Rule]]:
    column = MACHINES.index(machine)
    fixed = {numbers[column]: seccomp.ALLOW for numbers in seccomp.ALLOWED.values()}
    fixed |= {numbers[column]: seccomp.ABSENT for numbers in seccomp.TRIED.values()}
    return (
        {number: action for number, action in fixed.items() if number is not None},
        {rule.numbers[column]: rule for rule in seccomp.CONDITIONAL.values() if rule.numbers[column] is not None},
    )


@pytest.mark.parametrize("machine", MACHINES)
def test_every_call_number_gets_the_answer_of_the_table(machine: str) -> None:
    program, architecture = seccomp.compile_program(machine), seccomp.AUDIT_ARCH[machine]
    fixed, conditional = table(machine)
    for number in (*range(1024), 2**30 - 1, 0x3FFFFFFF):
        if number not in conditional:
            assert interpret(program, architecture, number) == fixed.get(number, seccomp.DENY), number


@pytest.mark.parametrize("machine", MACHINES)
def test_numbers_of_the_x32_interface_kill(machine: str) -> None:
    program, architecture = seccomp.compile_program(machine), seccomp.AUDIT_ARCH[machine]
    for number in (*range(0x40000000, 0x40000000 + 1024), 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF):
        assert interpret(program, architecture, number) == seccomp.KILL


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_through_another_instruction_set_kill(machine: str) -> None:
    program = seccomp.compile_program(machine)
    others = {0x40000003, 0x40000028, 0xC0000015, 0, 0xFFFFFFFF, *seccomp.AUDIT_ARCH.values()} - {seccomp.AUDIT_ARCH[machine]}
    for architecture, number in itertools.product(others, range(512)):
        assert interpret(program, architecture, number) == seccomp.KILL


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("name", seccomp.CONDITIONAL)
def test_a_conditional_call_is_allowed_for_the_accepted_arguments_and_no_others(machine: str, name: str) -> None:
    program, architecture = seccomp.compile_program(machine), seccomp.AUDIT_ARCH[machine]
    rule = seccomp.CONDITIONAL[name]
    number = rule.numbers[MACHINES.index(machine)]
    assert number is not None
    neighbours = {value + step for argument in rule.arguments for value in argument.values for step in (-1, 0, 1)} - {-1}
    tried = sorted(neighbours | {0, 1, 2, 0xFFFFFFFF, 1 << 32, (1 << 32) + 1, 1 << 63} | {1 << bit for bit in range(32)})
    for candidates in itertools.product(tried, repeat=len(rule.arguments)):
        arguments = [0xDEADBEEF] * 6
        accepted = True
        for argument, value in zip(rule.arguments, candidates, strict=True):
            arguments[argument.index] = value
            accepted &= (value if argument.wide else value & argument.mask) in argument.values
        expected = seccomp.ALLOW if accepted else rule.otherwise
        assert interpret(program, architecture, number, tuple(arguments)) == expected, (name, candidates)


def test_no_call_stands_in_two_tables_and_no_number_is_used_twice() -> None:
    for machine in MACHINES:
        column = MACHINES.index(machine)
        every = [
            numbers[column]
            for numbers in (*seccomp.ALLOWED.values(), *seccomp.TRIED.values(), *(rule.numbers for rule in seccomp.CONDITIONAL.values()))
            if numbers[column] is not None
        ]
        assert len(every) == len(set(every))


def test_the_program_fits_the_kernels_limit() -> None:
    for machine in MACHINES:
        assert len(seccomp.compile_program(machine)) // 8 < 4096


def test_another_machine_is_refused() -> None:
    with pytest.raises(KeyError):
        seccomp.compile_program("riscv64")


@pytest.mark.parametrize("distance", [254, 255, 256, 257])
def test_a_jump_that_the_format_cannot_hold_is_an_error_and_never_wraps(distance: int) -> None:
    assembler = seccomp._Assembler()
    assembler.emit(0x15, 0, then="far")
    for _ in range(distance):
        assembler.emit(0x06, seccomp.DENY)
    assembler.label("far")
    assembler.emit(0x06, seccomp.ALLOW)
    if distance <= 255:
        assert interpret(assembler.assemble(), 0, 0) == seccomp.ALLOW
    else:
        with pytest.raises(ValueError, match="spans"):
            assembler.assemble()
