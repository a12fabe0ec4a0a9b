package bitween.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Goes along the words of a command line that is not finished, and finds out what its last word can be. Used once.
 *
 * <p>Thread: the caller's.
 */
final class TypedCommand {
    private CommandSpec command;
    private final List<String> arguments = new ArrayList<>();
    private @Nullable OptionSpec awaiting;
    private boolean onlyArguments;
    private @Nullable String home;

    /** @param words after the program's own name, the last is the one that is being typed */
    TypedCommand(CommandLine root, List<String> words) {
        command = root.getCommandSpec();
        words.subList(0, words.size() - 1).forEach(this::pass);
    }

    /** What {@code --home} says, as it is written; null: nothing. */
    @Nullable
    String home() {
        return home;
    }

    private void pass(String word) {
        if (awaiting != null) {
            keep(awaiting, word);
            awaiting = null;
        } else if (!onlyArguments && word.equals("--")) {
            onlyArguments = true;
        } else if (!onlyArguments && word.startsWith("-") && word.length() > 1) {
            option(word);
        } else if (command.subcommands().containsKey(word) && arguments.isEmpty()) {
            command = Objects.requireNonNull(command.subcommands().get(word)).getCommandSpec();
        } else {
            arguments.add(word);
        }
    }

    private void option(String word) {
        int cut = word.indexOf('=');
        OptionSpec option = command.findOption(cut < 0 ? word : word.substring(0, cut));
        if (option == null || option.arity().max() == 0) {
            return;
        }
        if (cut < 0) {
            awaiting = option;
        } else {
            keep(option, word.substring(cut + 1));
        }
    }

    private void keep(OptionSpec option, String value) {
        if (option.longestName().equals("--home")) {
            home = value;
        }
    }

    /**
     * What the last word can be.
     *
     * @param expected what it names
     * @param head of the word, which stays: "--to=" before WHO; mostly empty
     */
    record Next(Expected expected, String head) {}

    Next next(String word) {
        if (awaiting != null) {
            return new Next(Expected.of(command.name(), awaiting), "");
        }
        if (!onlyArguments && word.startsWith("-")) {
            int cut = word.indexOf('=');
            OptionSpec option = cut < 0 ? null : command.findOption(word.substring(0, cut));
            return option == null
                    ? new Next(Expected.oneOf(optionNames()), "")
                    : new Next(Expected.of(command.name(), option), word.substring(0, cut + 1));
        }
        if (!command.subcommands().isEmpty()) {
            return new Next(Expected.oneOf(commandNames()), "");
        }
        return command.positionalParameters().stream()
                .filter(parameter -> parameter.index().contains(arguments.size()))
                .findFirst()
                .map(parameter -> new Next(expected(parameter), ""))
                .orElse(new Next(Expected.oneOf(), ""));
    }

    private Expected expected(PositionalParamSpec parameter) {
        return Expected.of(command.name(), parameter);
    }

    private String[] optionNames() {
        return command.options().stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName)
                .sorted()
                .toArray(String[]::new);
    }

    private String[] commandNames() {
        return command.subcommands().entrySet().stream()
                .filter(entry ->
                        !entry.getValue().getCommandSpec().usageMessage().hidden())
                .map(java.util.Map.Entry::getKey)
                .sorted()
                .toArray(String[]::new);
    }
}
