package bitween.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;

/** Hundreds of people who are online, each with a connection: they answer whether they are there (XEP-0199), refuse what else they are asked, and do nothing. */
public final class Crowd implements AutoCloseable {
    private static final int AT_ONCE = 8;
    private static final Pattern REQUEST = Pattern.compile("<iq ([^>]*)>");
    private static final Pattern ATTRIBUTE = Pattern.compile("\\b(from|id|type)=['\"]([^'\"]*)['\"]");

    private final String server;
    private final SSLSocketFactory tls;
    private final List<String> jids;
    private final UnaryOperator<String> words;
    private final List<SlimClient> online = new ArrayList<>();

    /**
     * @param person at whose server they are
     * @param jids see {@link TestServer#crowd}
     * @param words what somebody's presence carries, as XML
     */
    public Crowd(TestServer server, String person, List<String> jids, UnaryOperator<String> words) throws IOException {
        this.server = server.at(person);
        this.jids = List.copyOf(jids);
        this.words = words;
        tls = SlimClient.trusting(server.caFile(person));
    }

    /** All of them come, also those whom a restart of their server had cut off. */
    public void comeOnline() throws IOException, InterruptedException {
        close();
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<SlimClient>> coming = jids.stream()
                    .map(jid -> threads.submit(() -> comeOnline(jid)))
                    .toList();
            for (Future<SlimClient> each : coming) {
                online.add(each.get());
            }
        } catch (ExecutionException e) {
            throw new IOException("somebody of the crowd stays away", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private SlimClient comeOnline(String jid) throws IOException {
        SlimClient client = SlimClient.logIn(tls, server, jid);
        StringBuilder rest = new StringBuilder();
        client.listen(jid, text -> answer(client, rest.append(text)), cut -> {}); // as their server may be killed
        client.say("<presence><priority>-1</priority>" + words.apply(jid) + "</presence>");
        return client;
    }

    private static void answer(SlimClient client, StringBuilder text) {
        Matcher request = REQUEST.matcher(text);
        int end = 0;
        while (request.find()) {
            end = request.end();
            String from = "";
            String id = "";
            String type = "";
            for (Matcher each = ATTRIBUTE.matcher(request.group(1)); each.find(); ) {
                switch (each.group(1)) {
                    case "from" -> from = each.group(2);
                    case "id" -> id = each.group(2);
                    default -> type = each.group(2);
                }
            }
            String head = "<iq to='" + from + "' id='" + id + "' type=";
            try {
                if (type.equals("get")) {
                    client.say(head + "'result'/>");
                } else if (type.equals("set")) {
                    client.say(head + "'error'><error type='cancel'>"
                            + "<not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
                }
            } catch (IOException e) {
                return; // the connection is gone, and so is who asked
            }
        }
        text.delete(0, Math.max(end, text.lastIndexOf("<")));
    }

    @Override
    public void close() throws IOException {
        for (SlimClient client : online) {
            client.close();
        }
        online.clear();
    }
}
