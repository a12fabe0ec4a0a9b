package bitween.bench;

import bitween.testing.SlimClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;

/**
 * People who are online and hear what somebody announces: as little of a client as can be, so that hundreds of them run beside what is measured. Each has a thread that reads.
 */
final class Contacts implements AutoCloseable {
    private static final int AT_ONCE = 8;

    private final String domain;
    private final String server;
    private final Pattern revision;
    private final SSLSocketFactory tls;
    private final List<Contact> all = new ArrayList<>();

    /** One of them. What is read on its thread is asked on another one, under its lock. */
    private final class Contact {
        private final SlimClient client;
        private String seen = "";
        private long seenAt;
        private long bytes;
        private final StringBuilder rest = new StringBuilder();

        private Contact(String name) throws IOException {
            client = SlimClient.logIn(tls, server, name + "@" + domain);
            client.say("<presence/>");
            client.listen(name, this::heard, cut -> {
                throw new IllegalStateException("a contact was cut off", cut);
            });
        }

        private synchronized void heard(String text) {
            bytes += text.length(); // it is ASCII
            rest.append(text);
            Matcher match = revision.matcher(rest);
            int end = 0;
            while (match.find()) {
                seen = match.group(1);
                seenAt = System.nanoTime();
                end = match.end();
            }
            rest.delete(0, end);
        }
    }

    /**
     * @param announcer the bare JID of whom they hear
     * @param authority of the server's certificate, PEM
     */
    Contacts(String domain, int port, Path authority, String announcer) throws IOException {
        this.domain = domain;
        server = "127.0.0.1:" + port;
        revision = Pattern.compile(
                "<presence[^>]*" + Pattern.quote(announcer) + "/[^>]*>.*?<bitween [^>]*?rev=['\"]([^'\"]+)");
        tls = SlimClient.trusting(authority);
    }

    /** Come online. */
    void add(List<String> names) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<Contact>> coming = names.stream()
                    .map(name -> threads.submit(() -> new Contact(name)))
                    .toList();
            for (Future<Contact> each : coming) {
                all.add(each.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** What they have come to know is of no interest. */
    void forget() {
        for (Contact contact : all) {
            synchronized (contact) {
                contact.seen = "";
                contact.bytes = 0;
            }
        }
    }

    /** @return when the last of them had heard of another revision than before; a time of {@link System#nanoTime} */
    long awaitNews(long patienceSeconds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(patienceSeconds);
        long last = Long.MIN_VALUE;
        for (Contact contact : all) {
            while (true) {
                synchronized (contact) {
                    if (!contact.seen.isEmpty()) {
                        last = Math.max(last, contact.seenAt);
                        break;
                    }
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("not everybody heard of it");
                }
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
        return last;
    }

    /** @return what all of them were sent since {@link #forget}, inside TLS */
    long bytes() {
        long sum = 0;
        for (Contact contact : all) {
            synchronized (contact) {
                sum += contact.bytes;
            }
        }
        return sum;
    }

    @Override
    public void close() throws IOException {
        for (Contact contact : all) {
            contact.client.close();
        }
    }
}
