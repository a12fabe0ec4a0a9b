package bitween.config;

import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.UserException;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The keyring of the desktop session (Secret Service), by way of libsecret's {@code secret-tool}. Passwords go through pipes, never into arguments. Thread: any
 * that may wait for somebody to unlock it.
 */
public final class Keyring {
    /** For somebody to find the window that asks, and to type. */
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(60);
    /** Others wait while a password is read. */
    private static final Duration READ_LIMIT = Duration.ofSeconds(15);

    private static final int MAX_BYTES = 4_096;

    private final Map<String, String> environment;
    private final Duration readLimit;

    /** @param environment this process's variables */
    public Keyring(Map<String, String> environment) {
        this(environment, READ_LIMIT);
    }

    Keyring(Map<String, String> environment, Duration readLimit) {
        this.environment = Map.copyOf(environment);
        this.readLimit = readLimit;
    }

    /** Whether there is a session, and the program that speaks with its keyring. */
    public boolean isThere() {
        return !environment.getOrDefault("DBUS_SESSION_BUS_ADDRESS", "").isBlank()
                && programs().anyMatch(Files::isExecutable);
    }

    /** @throws UserException NOT_CONFIGURED when it has none for this account, or does not answer */
    public String read(Jid account) {
        String password = run(account, List.of("lookup"), "", readLimit);
        if (password.isEmpty()) {
            throw new UserException(
                    ErrorCode.NOT_CONFIGURED,
                    "the keyring has no password for " + account,
                    "unlock it, or give it anew: bitween init --force");
        }
        return PasswordFile.checked(password);
    }

    /** Replaces what there is for this account. */
    public void write(Jid account, String password) {
        run(account, List.of("store", "--label=bitween " + account), PasswordFile.checked(password), WRITE_LIMIT);
    }

    /** @return what it printed */
    private String run(Jid account, List<String> verb, String input, Duration limit) {
        List<String> command = new ArrayList<>();
        command.add(programs()
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElse("secret-tool"));
        command.addAll(verb);
        command.addAll(List.of("service", "bitween", "account", account.value()));
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().clear();
            builder.environment().putAll(environment);
            return answer(builder.start(), verb, input, limit);
        } catch (IOException e) {
            throw unreachable(account, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(account, e);
        }
    }

    private static String answer(Process process, List<String> verb, String input, Duration limit)
            throws IOException, InterruptedException {
        try {
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("it did not answer within " + limit.toSeconds() + " s; maybe it is locked");
            }
            byte[] printed = process.getInputStream().readNBytes(MAX_BYTES);
            boolean unknown = verb.contains("lookup") && printed.length == 0;
            if (process.exitValue() != 0 && !unknown) {
                throw new IOException("secret-tool ended with " + process.exitValue());
            }
            return new String(printed, StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly(); // its window goes with it
        }
    }

    private Stream<Path> programs() {
        return Stream.of(environment.getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator), -1))
                .filter(directory -> directory.startsWith("/"))
                .map(directory -> Path.of(directory, "secret-tool"));
    }

    private static UserException unreachable(Jid account, Exception cause) {
        return new UserException(
                ErrorCode.NOT_CONFIGURED,
                "the keyring, which has the password of " + account + ", cannot be used: " + cause.getMessage(),
                "start bitween in your session, or keep the password in a file: bitween init --force --password-file FILE",
                cause);
    }
}
