package bitween.cli;

import bitween.config.PasswordFile;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Looks at what {@code init} is given, and asks for the rest: what is typed wrong is asked again at once. Thread: one. */
final class Questions {
    /** Far longer than any password; a wrong file is not read whole. */
    private static final int MAX_PASSWORD_BYTES = 4_096;

    private final Session session;
    private final Setup setup;

    Questions(Session session, Setup setup) {
        this.session = session;
        this.setup = setup;
    }

    /** @throws UserException BAD_ARGUMENT when it is wrong, naming the option */
    @Nullable
    String checked(String key, String option, @Nullable String given) {
        if (given != null) {
            setup.check(session.home(), key, given, option);
        }
        return given;
    }

    List<String> checked(String key, String option, List<String> given) {
        given.forEach(text -> setup.check(session.home(), key, List.of(text), option));
        return given;
    }

    @Nullable
    String checkedPath(String key, String option, @Nullable String given) {
        return given == null ? null : checked(key, option, absolute(given));
    }

    /**
     * What there is no default for.
     *
     * @param usual what Enter alone means; null: nothing
     */
    String needed(String key, String option, @Nullable String given, String question, @Nullable String usual) {
        if (given != null) {
            setup.check(session.home(), key, given.strip(), option);
            return new Jid(given.strip()).value();
        }
        while (session.isInteractive()) {
            String typed = session.terminal().ask(question + (usual == null ? ": " : " [" + usual + "]: "));
            if (typed == null) {
                throw ended(option);
            }
            if (typed.isBlank() && usual != null) {
                return usual;
            }
            if (typed.isBlank()) {
                again("it is needed");
            } else if (isAccepted(key, typed.strip())) {
                return new Jid(typed.strip()).value();
            }
        }
        throw missing(option);
    }

    /** @return null when nothing is given and nobody is there to choose: then the default, whatever it will be, applies */
    @Nullable
    String chosen(String key, @Nullable String given, String question, String usual) {
        return chosen(key, given, question, usual, text -> text);
    }

    @Nullable
    String chosenPath(String key, @Nullable String given, String question, String usual) {
        return chosen(key, given, question, usual, this::absolute);
    }

    private @Nullable String chosen(
            String key, @Nullable String given, String question, String usual, UnaryOperator<String> form) {
        if (given != null || !session.isInteractive()) {
            return given;
        }
        while (true) {
            String typed = session.terminal().ask(question + " [" + usual + "]: ");
            if (typed == null || typed.isBlank()) {
                return null;
            }
            String value = form.apply(typed.strip());
            if (isAccepted(key, value)) {
                return value;
            }
        }
    }

    /** @param file holds it; null: ask */
    String password(@Nullable String file) {
        if (file != null) {
            return passwordIn(Path.of(absolute(file)));
        }
        while (session.isInteractive()) {
            String typed = session.terminal().askHidden("Its password (not shown): ");
            if (typed == null) {
                throw ended("--password-file");
            }
            try {
                return PasswordFile.checked(typed); // with the blanks at its ends, if it has any
            } catch (UserException e) {
                again(e.sentence());
            }
        }
        throw missing("--password-file");
    }

    /**
     * What a person types who is asked for this password once more: it, or another one.
     *
     * @param only whether no other one will do
     * @return null: Enter alone
     */
    @Nullable
    String repeated(String password, boolean only, String question) {
        while (true) {
            String typed = session.terminal().askHidden(question);
            if (typed == null || typed.isEmpty()) {
                return null;
            }
            if (only && !typed.equals(password)) {
                again("that is another one");
                continue;
            }
            try {
                return PasswordFile.checked(typed);
            } catch (UserException e) {
                again(e.sentence());
            }
        }
    }

    /** Whether what a person typed will do; if not, they read why. */
    private boolean isAccepted(String key, String value) {
        try {
            setup.check(session.home(), key, value, "it");
            return true;
        } catch (UserException e) {
            again(e.sentence().replaceFirst("^it: ", ""));
            return false;
        }
    }

    /** Says why what was typed will not do. */
    void again(String why) {
        session.terminal().err("  " + why);
    }

    private static UserException ended(String option) {
        return new UserException(
                ErrorCode.BAD_ARGUMENT, "the answers ended, and nothing is set up", "answer again, or " + give(option));
    }

    private static UserException missing(String option) {
        return new UserException(
                ErrorCode.BAD_ARGUMENT, "there is nobody to ask for the " + option.substring(2), give(option));
    }

    private static String give(String option) {
        return "give " + option + ", or BITWEEN_"
                + option.substring(2).toUpperCase(Locale.ROOT).replace('-', '_') + " in the environment";
    }

    /** Of the shell's ~ only that is left which stands inside of quotes or variables. */
    private String absolute(String path) {
        String userHome = session.environment().variables().get("HOME");
        return userHome != null && path.startsWith("~/")
                ? session.path(userHome).resolve(path.substring(2)).toString()
                : session.path(path).toString();
    }

    private static String passwordIn(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            ByteBuffer content = ByteBuffer.wrap(in.readNBytes(MAX_PASSWORD_BYTES));
            String text = StandardCharsets.UTF_8.newDecoder().decode(content).toString();
            String line = text.lines().findFirst().orElse("");
            if (line.isEmpty()) {
                throw new UserException(
                        ErrorCode.BAD_ARGUMENT,
                        "the first line of " + file + " is empty",
                        "it has to hold the password");
            }
            return PasswordFile.checked(line);
        } catch (CharacterCodingException e) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "the password file " + file + " is not UTF-8",
                    "write the password into it anew",
                    e);
        } catch (IOException e) {
            throw new UserException(
                    Files.exists(file) ? ErrorCode.PATH_UNREADABLE : ErrorCode.PATH_MISSING,
                    "the password file " + file + " cannot be read",
                    "look at its name and its mode",
                    e);
        }
    }
}
