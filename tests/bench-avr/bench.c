/* An Arduino on the desk, simulated by libsimavr: chip, real bootloader, UART on a pty or on stdio, watched and driven pins. */

#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <simavr/sim_avr.h>
#include <simavr/sim_io.h>
#include <simavr/sim_regbit.h>
#include <simavr/avr_ioport.h>
#include <simavr/avr_uart.h>

static const char usage[] =
    "usage: bench-avr -m MCU [-f HZ] [-b BOOTLOADER] [-a APPLICATION] [options]\n"
    "\n"
    "  -m, --mcu NAME        chip as simavr names it (atmega328p, atmega2560, ...)\n"
    "  -f, --freq HZ         clock, default 16000000\n"
    "  -b, --boot FILE       bootloader, .hex or ELF; the chip then starts there, as with BOOTRST programmed\n"
    "  -a, --app FILE        application, .hex or ELF\n"
    "  -u, --uart N          which UART is connected, default 0\n"
    "  -p, --pty LINK        the UART appears as a serial port, LINK points to it; opening it resets the chip\n"
    "                        (default: the UART is stdin and stdout)\n"
    "  -t, --realtime        not faster than a real chip; bootloaders need it for their time-outs\n"
    "  -w, --watch B5,...    print \"pin B5 = 1 @cycle N\" for every change\n"
    "  -o, --watch-out FILE  where --watch prints, default stderr\n"
    "  -L, --led B5          show the pin as an LED on stderr\n"
    "  -D, --drive D2=1@S    drive an input pin after S simulated seconds; may be repeated\n"
    "  -l, --limit S         stop after S simulated seconds\n"
    "  -d, --dump FILE       write the flash there at the end\n"
    "  -c, --cycles          print \"cycles N\" at the end on stderr\n"
    "  -v, --verbose         simavr's own messages\n"
    "\n"
    "The run ends when the chip sleeps with interrupts off. Exit status: what the program wrote to GPIOR0, else 0;\n"
    "124 time limit, 125 crash of the program, 126 wrong use, 128 + n signal n.\n";

enum { STATUS_LIMIT = 124, STATUS_CRASH = 125, STATUS_USE = 126, STATUS_SIGNAL = 128 };
enum { GPIOR0 = 0x3E }; /* data address on every ATmega48/88/168/328 and 640/1280/2560 (data sheets, register summary) */

static avr_t *avr;
static avr_uart_t *uart;
static avr_irq_t *uart_in;
static int pty_fd = -1, opens_fd = -1, open_now, xon = 1, realtime, verbose;
static const char *link_name;
static FILE *watch_out;
static int exit_code, led_tty;
static volatile sig_atomic_t caught;

static uint8_t in[1 << 16], out[1 << 12]; /* host -> chip ring, chip -> host buffer */
static unsigned in_head, in_tail, out_len;

static void die(const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("bench-avr: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    exit(STATUS_USE);
}

/* ---- program files ---------------------------------------------------------------------------------------------- */

static uint32_t place(const char *file, uint32_t base, const uint8_t *data, uint32_t size) {
    if (base > avr->flashend || size > avr->flashend + 1 - base)
        die("%s: 0x%x..0x%x is beyond the end of flash (0x%x)", file, base, base + size, avr->flashend + 1);
    memcpy(avr->flash + base, data, size);
    return base;
}

/* simavr's own ELF reader knows sections by their usual names only; load segments are what a programmer writes. */
static uint32_t load_elf(const char *file, const uint8_t *image, size_t size) {
    const Elf32_Ehdr *head = (const void *)image;
    uint32_t lowest = UINT32_MAX;
    if (size < sizeof *head || head->e_ident[EI_CLASS] != ELFCLASS32 || head->e_machine != EM_AVR)
        die("%s is an ELF file, but not for AVR", file);
    for (int i = 0; i < head->e_phnum; i++) {
        size_t at = head->e_phoff + (size_t)i * head->e_phentsize;
        const Elf32_Phdr *ph = (const void *)(image + at);
        if (at + sizeof *ph > size)
            die("%s is cut off", file);
        if (ph->p_type != PT_LOAD || ph->p_filesz == 0 || ph->p_paddr >= 0x800000) /* RAM, EEPROM, fuses */
            continue;
        if ((size_t)ph->p_offset + ph->p_filesz > size)
            die("%s is cut off", file);
        uint32_t base = place(file, ph->p_paddr, image + ph->p_offset, ph->p_filesz);
        if (base < lowest)
            lowest = base;
    }
    if (lowest == UINT32_MAX)
        die("%s has nothing to load", file);
    return lowest;
}

/* simavr's hex reader would do, but it complains about start address records on every run. */
static uint32_t load_hex(const char *file, const char *text) {
    uint32_t lowest = UINT32_MAX, upper = 0;
    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        uint8_t r[5 + 255], sum = 0;
        unsigned n = 0, v;
        if (*line != ':')
            continue;
        for (const char *p = line + 1; n < sizeof r && sscanf(p, "%2x", &v) == 1 && p[0] > ' ' && p[1] > ' '; p += 2)
            sum += r[n++] = v;
        if (n < 5 || n != r[0] + 5u || sum)
            die("%s: broken Intel hex record at byte %td", file, line - text);
        uint32_t base = upper + (r[1] << 8 | r[2]);
        if (r[3] == 0 && place(file, base, r + 4, r[0]) < lowest)
            lowest = base;
        if (r[3] == 2 || r[3] == 4)
            upper = (uint32_t)(r[4] << 8 | r[5]) << (r[3] == 2 ? 4 : 16);
    }
    if (lowest == UINT32_MAX)
        die("%s is neither an ELF nor an Intel hex file", file);
    return lowest;
}

static uint32_t load(const char *file) {
    FILE *f = fopen(file, "rb");
    if (!f)
        die("%s: %s", file, strerror(errno));
    static uint8_t image[8 << 20];
    size_t size = fread(image, 1, sizeof image, f);
    fclose(f);
    if (size >= 4 && !memcmp(image, ELFMAG, 4))
        return load_elf(file, image, size);
    image[size < sizeof image ? size : sizeof image - 1] = 0;
    return load_hex(file, (const char *)image);
}

/* ---- serial port ------------------------------------------------------------------------------------------------- */

static void flush_output(void) {
    int fd = pty_fd >= 0 ? pty_fd : STDOUT_FILENO;
    for (unsigned done = 0; done < out_len;) {
        ssize_t n = write(fd, out + done, out_len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && pty_fd < 0 && errno == EAGAIN) {
            poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, 100);
            continue;
        }
        if (n <= 0)
            break; /* nobody reads the pty: the bytes are lost, as on a wire */
        done += n;
    }
    out_len = 0;
}

static void from_chip(avr_irq_t *irq, uint32_t value, void *param) {
    if (pty_fd >= 0 && !open_now)
        return;
    if (out_len == sizeof out)
        flush_output();
    out[out_len++] = value;
}

static void set_xon(avr_irq_t *irq, uint32_t value, void *param) { xon = (intptr_t)param; }

/* simavr takes the speed when UBRRL is written; a chip also when U2X changes after that. */
static void on_double_speed(avr_t *a, avr_io_addr_t addr, uint8_t value, void *param) {
    unsigned divisor = (avr_regbit_get(a, uart->ubrrl) | avr_regbit_get(a, uart->ubrrh) << 8) + 1;
    uart->cycles_per_byte = divisor * (value >> uart->u2x.bit & 1 ? 8 : 16) * 10;
}

static void connect_uart(char name) {
    uint32_t flags = 0;
    for (avr_io_t *io = avr->io_port; io; io = io->next)
        if (!strcmp(io->kind, "uart") && ((avr_uart_t *)io)->name == name)
            uart = (avr_uart_t *)io;
    if (!uart)
        die("%s has no UART %c", avr->mmcu, name);
    avr_ioctl(avr, AVR_IOCTL_UART_GET_FLAGS(name), &flags);
    flags &= ~(AVR_UART_FLAG_STDIO | AVR_UART_FLAG_POLL_SLEEP);
    avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS(name), &flags);
    avr_register_io_write(avr, uart->r_ucsra, on_double_speed, NULL);
    uart_in = avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ(name), UART_IRQ_INPUT);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ(name), UART_IRQ_OUTPUT), from_chip, NULL);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ(name), UART_IRQ_OUT_XON), set_xon, (void *)1);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ(name), UART_IRQ_OUT_XOFF), set_xon, (void *)0);
}

static void open_pty(void) {
    int slave;
    struct termios raw;
    if (openpty(&pty_fd, &slave, NULL, NULL, NULL) < 0)
        die("no pty: %s", strerror(errno));
    tcgetattr(slave, &raw);
    cfmakeraw(&raw);
    tcsetattr(slave, TCSANOW, &raw);
    unlink(link_name);
    if (symlink(ttyname(slave), link_name) < 0)
        die("%s: %s", link_name, strerror(errno));
    close(slave);
    opens_fd = inotify_init1(IN_NONBLOCK);
    if (opens_fd < 0 || inotify_add_watch(opens_fd, ptsname(pty_fd), IN_OPEN) < 0)
        die("cannot watch %s: %s", ptsname(pty_fd), strerror(errno));
    fcntl(pty_fd, F_SETFL, fcntl(pty_fd, F_GETFL) | O_NONBLOCK);
    printf("port %s\n", link_name);
    fflush(stdout);
}

static void reset_chip(void) {
    exit_code = 0;
    in_head = in_tail = out_len = 0;
    avr_reset(avr);
    avr->pc = avr->reset_pc;
    avr_regbit_set(avr, avr->reset_flags.extrf); /* optiboot stays in its loader for this cause only */
}

static void poll_host(void) {
    struct pollfd p = {.fd = pty_fd >= 0 ? pty_fd : STDIN_FILENO, .events = POLLIN};
    static int eof;
    if (pty_fd >= 0) {
        poll(&p, 1, 0);
        open_now = !(p.revents & POLLHUP);
        /* DTR falls when a host opens the port; a pty cannot carry the pulse itself. Hang-ups alone would miss a port
           that is closed and opened again between two looks. */
        char events[4096];
        if (read(opens_fd, events, sizeof events) > 0)
            reset_chip();
        if (!open_now)
            return;
    } else if (eof || poll(&p, 1, 0) <= 0)
        return;
    while (in_head - in_tail < sizeof in) {
        unsigned at = in_head % sizeof in, room = sizeof in - at, free_now = sizeof in - (in_head - in_tail);
        ssize_t n = read(p.fd, in + at, room < free_now ? room : free_now);
        if (n == 0 && pty_fd < 0)
            eof = 1;
        if (n <= 0)
            return;
        in_head += n;
        if (pty_fd < 0)
            return;
    }
}

/* Bytes come as fast as the line carries them. With nobody listening they are lost on the pty (as on a wire), while
   piped stdin waits, so that a test's input need not know how long start-up takes. */
static void feed_uart(void) {
    static avr_cycle_count_t next;
    if (in_head == in_tail || avr->cycle < next)
        return;
    if (!avr_regbit_get(avr, uart->rxen)) {
        if (pty_fd >= 0)
            in_tail = in_head;
        return;
    }
    if (!xon)
        return;
    avr_raise_irq(uart_in, in[in_tail++ % sizeof in]);
    next = avr->cycle + (uart->cycles_per_byte ? uart->cycles_per_byte : avr->frequency / 1000);
}

/* ---- pins -------------------------------------------------------------------------------------------------------- */

typedef struct {
    char port, bit;
    int led, level;
    avr_cycle_count_t last;
} pin_t;

typedef struct {
    avr_irq_t *irq;
    int level;
    avr_cycle_count_t at;
} drive_t;

static drive_t drives[256];
static unsigned drive_count, drive_next;

static avr_irq_t *pin_irq(const char *name) {
    avr_irq_t *irq = NULL;
    if (name[0] >= 'A' && name[0] <= 'L' && name[1] >= '0' && name[1] <= '7')
        irq = avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ(name[0]), name[1] - '0');
    if (!irq)
        die("%s has no pin %s (pins are port and bit, as in B5)", avr->mmcu, name);
    return irq;
}

static void pin_changed(avr_irq_t *irq, uint32_t value, void *param) {
    pin_t *pin = param;
    int level = value & 1;
    if (level == pin->level)
        return;
    pin->level = level;
    if (!pin->led) {
        fprintf(watch_out, "pin %c%c = %d @cycle %llu\n", pin->port, pin->bit, level, (unsigned long long)avr->cycle);
        return;
    }
    double now = (double)avr->cycle / avr->frequency, since = (double)(avr->cycle - pin->last) / avr->frequency;
    fprintf(stderr, led_tty ? "\r\033[K  %s  pin %c%c  %8.3f s  (+%.3f s)" : "%s pin %c%c at %.3f s (+%.3f s)\n",
            level ? (led_tty ? "\033[33;1m(*)\033[0m LED on " : "LED on ") : (led_tty ? "( ) LED off" : "LED off"), pin->port,
            pin->bit, now, since);
    fflush(stderr);
    pin->last = avr->cycle;
}

static void watch(const char *name, int led) {
    pin_t *pin = calloc(1, sizeof *pin);
    *pin = (pin_t){.port = name[0], .bit = name[1], .led = led};
    avr_irq_register_notify(pin_irq(name), pin_changed, pin);
}

static void add_drive(const char *text) {
    char name[3];
    drive_t d;
    double seconds;
    if (drive_count == sizeof drives / sizeof *drives || sscanf(text, "%2[A-Z0-9]=%d@%lf", name, &d.level, &seconds) != 3)
        die("--drive wants PIN=LEVEL@SECONDS, as in D2=0@0.25, not %s", text);
    d.irq = pin_irq(name);
    d.at = seconds * avr->frequency;
    unsigned i = drive_count++;
    for (; i > 0 && drives[i - 1].at > d.at; i--)
        drives[i] = drives[i - 1];
    drives[i] = d;
}

/* ---- running ----------------------------------------------------------------------------------------------------- */

static void on_signal(int number) { caught = number; }

static void on_log(avr_t *a, const int level, const char *format, va_list args) {
    if (verbose || level == LOG_ERROR)
        vfprintf(stderr, format, args);
}

static void on_exit_code(avr_t *a, avr_io_addr_t addr, uint8_t value, void *param) {
    a->data[addr] = value;
    exit_code = value;
}

static void no_sleep(avr_t *a, avr_cycle_count_t cycles) {} /* throttle() alone decides about the wall clock */

static double wall(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

/* Holds simulated time back to wall time. Lag beyond 20 ms is forgotten rather than caught up with: a burst would make
   the bootloader's time-outs shorter than a host can see. */
static void throttle(void) {
    static double origin;
    double now = wall(), ahead;
    if (origin == 0)
        origin = now - (double)avr->cycle / avr->frequency;
    ahead = origin + (double)avr->cycle / avr->frequency - now;
    if (ahead < -0.020)
        origin -= ahead;
    else if (ahead > 0.001)
        nanosleep(&(struct timespec){.tv_sec = ahead, .tv_nsec = (ahead - (long)ahead) * 1e9}, NULL);
}

static int run(double limit) {
    avr_cycle_count_t tick = avr->frequency / 2000, next = 0;
    for (;;) {
        int state = avr_run(avr);
        feed_uart();
        for (; drive_next < drive_count && drives[drive_next].at <= avr->cycle; drive_next++)
            avr_raise_irq(drives[drive_next].irq, drives[drive_next].level);
        if (avr->cycle >= next || state == cpu_Done || state == cpu_Crashed) {
            double now = (double)avr->cycle / avr->frequency;
            next = avr->cycle + tick;
            flush_output();
            if (state == cpu_Done)
                return exit_code;
            if (state == cpu_Crashed) {
                fprintf(stderr, "bench-avr: the program crashed at 0x%04x, cycle %llu\n", avr->pc, (unsigned long long)avr->cycle);
                return STATUS_CRASH;
            }
            if (caught)
                return STATUS_SIGNAL + caught;
            if (limit > 0 && now >= limit)
                return STATUS_LIMIT;
            poll_host();
            if (realtime)
                throttle();
        }
    }
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"mcu", 1, 0, 'm'}, {"freq", 1, 0, 'f'}, {"boot", 1, 0, 'b'}, {"app", 1, 0, 'a'}, {"uart", 1, 0, 'u'},
        {"pty", 1, 0, 'p'}, {"realtime", 0, 0, 't'}, {"watch", 1, 0, 'w'}, {"watch-out", 1, 0, 'o'}, {"led", 1, 0, 'L'},
        {"drive", 1, 0, 'D'}, {"limit", 1, 0, 'l'}, {"dump", 1, 0, 'd'}, {"cycles", 0, 0, 'c'}, {"verbose", 0, 0, 'v'}, {"help", 0, 0, 'h'}, {0}};
    const char *mcu = NULL, *boot = NULL, *app = NULL, *dump = NULL, *led = NULL, *drive[256];
    char *watched = NULL, uart_name = '0';
    double limit = 0;
    long freq = 16000000;
    int c, cycles = 0, drive_args = 0;
    watch_out = stderr;
    while ((c = getopt_long(argc, argv, "m:f:b:a:u:p:tw:o:L:D:l:d:cvh", options, NULL)) != -1) {
        switch (c) {
        case 'm': mcu = optarg; break;
        case 'f': freq = strtol(optarg, NULL, 10); break;
        case 'b': boot = optarg; break;
        case 'a': app = optarg; break;
        case 'u': uart_name = optarg[0]; break;
        case 'p': link_name = optarg; break;
        case 't': realtime = 1; break;
        case 'w': watched = optarg; break;
        case 'o': watch_out = fopen(optarg, "w"); if (!watch_out) die("%s: %s", optarg, strerror(errno)); setvbuf(watch_out, NULL, _IOLBF, 0); break;
        case 'L': led = optarg; break;
        case 'D': if (drive_args == 256) die("too many --drive"); drive[drive_args++] = optarg; break;
        case 'l': limit = strtod(optarg, NULL); break;
        case 'd': dump = optarg; break;
        case 'c': cycles = 1; break;
        case 'v': verbose = 1; break;
        case 'h': fputs(usage, stdout); return 0;
        default: fputs(usage, stderr); return STATUS_USE;
        }
    }
    if (!mcu || (!boot && !app) || optind != argc || freq <= 0) {
        fputs(usage, stderr);
        return STATUS_USE;
    }
    avr_global_logger_set(on_log);
    avr = avr_make_mcu_by_name(mcu);
    if (!avr)
        die("simavr knows no chip %s", mcu);
    avr_init(avr);
    avr->frequency = freq;
    avr->sleep = no_sleep;
    memset(avr->flash, 0xFF, avr->flashend + 1);
    avr->codeend = avr->flashend;
    if (app)
        avr->pc = avr->reset_pc = 0, load(app);
    if (boot)
        avr->pc = avr->reset_pc = load(boot);
    avr_register_io_write(avr, GPIOR0, on_exit_code, NULL);
    connect_uart(uart_name);
    for (char *name = watched ? strtok(watched, ",") : NULL; name; name = strtok(NULL, ","))
        watch(name, 0);
    led_tty = isatty(STDERR_FILENO);
    if (led)
        watch(led, 1);
    for (int i = 0; i < drive_args; i++)
        add_drive(drive[i]);
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (link_name)
        open_pty();

    int status = run(limit);

    if (led && led_tty)
        fputc('\n', stderr);
    if (cycles)
        fprintf(stderr, "cycles %llu\n", (unsigned long long)avr->cycle);
    if (watch_out != stderr)
        fclose(watch_out);
    if (link_name)
        unlink(link_name);
    if (dump) {
        FILE *f = fopen(dump, "wb");
        if (!f || fwrite(avr->flash, 1, avr->flashend + 1, f) != avr->flashend + 1 || fclose(f))
            die("%s: %s", dump, strerror(errno));
    }
    return status;
}
