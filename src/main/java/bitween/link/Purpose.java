package bitween.link;

import java.io.IOException;

/** What a link is for; its first byte, from the side that dialled. The numbers travel: never change them. */
enum Purpose {
    /** Questions and answers between the daemons: one link for each device. */
    REQUESTS('R'),
    /** One BitTorrent connection. */
    PEER('P'),
    /** The same, of the side that is dialled: it asked for that. */
    CALLED('C');

    private final byte sign;

    Purpose(char sign) {
        this.sign = (byte) sign;
    }

    byte sign() {
        return sign;
    }

    static Purpose of(byte sign) throws IOException {
        for (Purpose purpose : values()) {
            if (purpose.sign == sign) {
                return purpose;
            }
        }
        throw new IOException("dialled for something that we do not know");
    }
}
