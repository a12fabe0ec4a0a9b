package bitween.cli.remote;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A command line, and the world around it, as a client hands them over.
 *
 * @param program which file the client's program is, see {@link RemoteCommands}
 * @param zone the client's TZ, or where /etc/localtime leads
 * @param home what {@code --home} says; empty: nothing
 * @param isInteractive whether a person is at the client, who can answer
 * @param variables those of the client's environment that commands look at
 */
public record Invocation(
        String program,
        String zone,
        String home,
        boolean isInteractive,
        Path workingDirectory,
        Map<String, String> variables,
        List<String> arguments) {
    private static final int FIXED = 6;

    public Invocation {
        variables = Map.copyOf(variables);
        arguments = List.copyOf(arguments);
        if (!workingDirectory.isAbsolute()) {
            throw new IllegalArgumentException("a working directory is absolute, not '" + workingDirectory + "'");
        }
    }

    /**
     * Strings, each after its length in four bytes: the five that are first in this record, how many variables there are, their names and values, the
     * arguments.
     *
     * @throws IOException when it is none, or not UTF-8
     * @throws IllegalArgumentException when a part of it makes no sense
     */
    static Invocation read(ByteBuffer content) throws IOException {
        List<String> parts = parts(content);
        if (parts.size() < FIXED) {
            throw new IOException("parts of the command are missing");
        }
        int variables = Integer.parseInt(parts.get(FIXED - 1));
        int arguments = FIXED + 2 * variables;
        if (variables < 0 || arguments < FIXED || arguments > parts.size()) {
            throw new IOException("not as many variables as it says: " + variables);
        }
        Map<String, String> environment = new HashMap<>();
        for (int at = FIXED; at < arguments; at += 2) {
            environment.put(parts.get(at), parts.get(at + 1));
        }
        return new Invocation(
                parts.get(0),
                parts.get(1),
                parts.get(2),
                parts.get(3).equals("1"),
                Path.of(parts.get(4)),
                environment,
                parts.subList(arguments, parts.size()));
    }

    private static List<String> parts(ByteBuffer content) throws IOException {
        List<String> parts = new ArrayList<>();
        while (content.hasRemaining()) {
            int length = content.remaining() < Integer.BYTES ? -1 : content.getInt();
            if (length < 0 || length > content.remaining()) {
                throw new IOException("the command is cut off");
            }
            ByteBuffer text = content.slice(content.position(), length);
            content.position(content.position() + length);
            parts.add(StandardCharsets.UTF_8.newDecoder().decode(text).toString());
        }
        return parts;
    }
}
