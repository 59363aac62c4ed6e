"""Runs a micro:bit program in labwired, presses button A twice after its release and prints what the UART said.

python3 microbit_button.py program.elf

QEMU's nRF51 has no GPIOTE. labwired's nRF52840 has it, and GPIO, UART0, TIMER0 and the interrupt numbers
where the nRF51 has them (nRF51 reference manual 3.0, chapters 14, 15, 18, 29; nRF52840 product specification 1.1): the
nRF51 program runs on it unchanged.
"""

import os
import sys
import tempfile

try:
    import labwired
except ImportError as error:
    sys.exit(f"{error}: it emulates the nRF's GPIOTE; `make setup` installs it from tests/emulators/requirements.txt")

CHIP = os.path.join(os.path.dirname(labwired.__file__), "configs", "chips", "nrf52840.yaml")
SYSTEM = f"""
name: microbit
chip: "{CHIP}"
board_io:
  - {{id: button_a, kind: button, peripheral: gpio0, pin: 17, signal: input, active_high: false}}
"""

with tempfile.TemporaryDirectory() as folder:
    system = os.path.join(folder, "system.yaml")
    with open(system, "w") as file:
        file.write(SYSTEM)
    with labwired.Sim(sys.argv[1], system=system) as sim:
        # The button is down while the program starts: labwired takes every pin to have been low before its first change.
        sim.set_pin("button_a", True)
        sim.run_for("5ms")
        for pressed in [False, True, False, True, False]:
            sim.set_pin("button_a", pressed)
            sim.run_for("30ms")
        sys.stdout.write(sim.read_uart())
