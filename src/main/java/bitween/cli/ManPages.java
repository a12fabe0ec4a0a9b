package bitween.cli;

import bitween.config.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The manual, made of what the commands say in their help and the sample of bitween.toml of its keys. Pure. */
final class ManPages {
    private static final String EXAMPLES = "Examples:";
    private static final String EXIT_CODES =
            "0 ok, 1 failed, 2 usage, 3 daemon not running, 4 not found, 5 ambiguous, 6 already running, 130 ended by Ctrl-C.";

    private final String source;

    /** @param version of this program */
    ManPages(String version) {
        source = "bitween " + version;
    }

    /** @return by file name: bitween.1, bitween-get.1, …, bitween.toml.5 */
    Map<String, String> all(CommandLine root, List<Setting> settings) {
        Map<String, String> pages = new TreeMap<>();
        add(pages, root);
        pages.put("bitween.toml.5", configuration(settings));
        return pages;
    }

    private void add(Map<String, String> pages, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        if (!spec.usageMessage().hidden()) {
            pages.put(name(spec) + ".1", page(spec));
            command.getSubcommands().values().forEach(below -> add(pages, below));
        }
    }

    /** "bitween-friend-add" */
    private static String name(CommandSpec spec) {
        return spec.qualifiedName("-");
    }

    private static String sentence(String[] description) {
        return String.join(" ", description);
    }

    private String page(CommandSpec spec) {
        Roff page = new Roff(name(spec), 1, source);
        String what = sentence(spec.usageMessage().description());
        page.section("NAME").text(name(spec) + " - " + brief(what));
        page.section("SYNOPSIS").text(synopsis(spec));
        List<String> footer = Arrays.asList(spec.usageMessage().footer());
        int cut = footer.indexOf(EXAMPLES);
        String more = footer.subList(0, Math.max(cut, 0)).stream()
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining(" "));
        page.section("DESCRIPTION").text(what);
        if (!more.isEmpty()) {
            page.paragraph(more);
        }
        entries(page, "COMMANDS", commands(spec));
        entries(page, "ARGUMENTS", arguments(spec));
        entries(page, "OPTIONS", options(spec));
        page.section("EXAMPLES")
                .verbatim(examples(footer).stream().map(String::stripLeading).toList());
        page.section("EXIT STATUS").text(EXIT_CODES);
        page.section("SEE ALSO").text(seeAlso(spec));
        return page.toString();
    }

    /** Its first sentence or clause, as apropos(1) shows it. */
    private static String brief(String what) {
        String first = what.replaceFirst("[.:,] .*", "").replaceFirst("\\.$", "");
        return first.substring(0, 1).toLowerCase(Locale.ROOT) + first.substring(1);
    }

    private static String synopsis(CommandSpec spec) {
        String own =
                new CommandLine.Help(spec, CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF)).synopsis(0);
        return own.strip().replaceAll("\\s+", " ");
    }

    /** The lines after "Examples:", up to an empty one. */
    static List<String> examples(List<String> footer) {
        int begin = footer.indexOf(EXAMPLES) + 1;
        return begin == 0
                ? List.of()
                : footer.subList(begin, footer.size()).stream()
                        .takeWhile(line -> !line.isEmpty())
                        .toList();
    }

    private static void entries(Roff page, String title, Map<String, String> entries) {
        if (!entries.isEmpty()) {
            page.section(title);
            entries.forEach(page::entry);
        }
    }

    private static Map<String, String> commands(CommandSpec spec) {
        Map<String, String> all = new LinkedHashMap<>();
        spec.subcommands().forEach((name, below) -> {
            if (!below.getCommandSpec().usageMessage().hidden()) {
                all.put(name, sentence(below.getCommandSpec().usageMessage().description()));
            }
        });
        return all;
    }

    private static Map<String, String> arguments(CommandSpec spec) {
        Map<String, String> all = new LinkedHashMap<>();
        spec.positionalParameters().forEach(each -> all.put(each.paramLabel(), sentence(each.description())));
        return all;
    }

    private static Map<String, String> options(CommandSpec spec) {
        return spec.options().stream()
                .filter(option -> !option.hidden())
                .collect(Collectors.toMap(
                        ManPages::names,
                        option -> sentence(option.description()),
                        (first, same) -> first,
                        TreeMap::new));
    }

    private static String names(OptionSpec option) {
        String value = option.arity().max() == 0 ? "" : label(option);
        return Stream.of(option.names())
                .map(name -> name + (name.startsWith("--") ? value : value.replace('=', ' ')))
                .collect(Collectors.joining(", "));
    }

    private static String label(ArgSpec option) {
        return "=" + option.paramLabel();
    }

    private static String seeAlso(CommandSpec spec) {
        List<String> others = new ArrayList<>();
        if (spec.parent() != null) {
            others.add(name(spec.parent()) + "(1)");
        }
        if (spec.parent() == null || spec.qualifiedName().contains("config")) {
            others.add("bitween.toml(5)");
        }
        spec.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(below -> !below.usageMessage().hidden())
                .forEach(below -> others.add(name(below) + "(1)"));
        return String.join(", ", others);
    }

    private String configuration(List<Setting> settings) {
        Roff page = new Roff("bitween.toml", 5, source);
        page.section("NAME").text("bitween.toml - configuration of bitween");
        page.section("DESCRIPTION")
                .text(
                        "The file is in TOML, in ~/.config/bitween, or in the folder that --home names. Each key has a default but xmpp.jid. "
                                + "bitween config shows and changes keys; what is marked live is then taken over by a daemon that runs, all else when it is started. "
                                + "A key is written below its section: port = 6881 below [network].");
        String section = "";
        for (Setting setting : settings) {
            String own = setting.key().substring(0, setting.key().indexOf('.'));
            if (!own.equals(section)) {
                section = own;
                page.section("[" + own + "]");
            }
            page.entry(setting.key(), String.join(" ", setting.about()));
            page.more(standing(setting));
        }
        page.section("SEE ALSO").text("bitween-config(1), bitween(1)");
        return page.toString();
    }

    private static String standing(Setting setting) {
        boolean example = setting.usual() == null || setting.key().equals("xmpp.jid"); // of which there can be none
        return (example ? "Example: " + setting.example() : "Default: " + setting.usual())
                + (setting.live() ? " (live)" : " (holds once the daemon is started again)");
    }
}
