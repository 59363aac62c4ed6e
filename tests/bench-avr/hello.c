/* The application of the flashing tests: greets, answers every byte with its successor and a rising edge at INT0 with
   '!', toggles B5 with every byte, ends with status 3 on 'q'. */

#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>

static void send(char c) {
    while (!(UCSR0A & 1 << UDRE0))
        ;
    UDR0 = c;
}

ISR(INT0_vect) {
    send('!');
}

int main(void) {
    UCSR0A = 1 << U2X0;
    UBRR0 = 16; /* 115200 baud at 16 MHz */
    UCSR0B = 1 << RXEN0 | 1 << TXEN0;
    for (const char *s = "hello\r\n"; *s; s++)
        send(*s);
    DDRB = 1 << 5;
    EICRA = 1 << ISC01 | 1 << ISC00;
    EIMSK = 1 << INT0;
    sei();
    for (;;) {
        while (!(UCSR0A & 1 << RXC0))
            ;
        char c = UDR0;
        PINB = 1 << 5;
        if (c == 'q') {
            GPIOR0 = 3;
            cli();
            sleep_enable();
            sleep_cpu();
        }
        send(c + 1);
    }
}
