package bitween.cli;

import bitween.config.ConfigFile;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "man",
        description = "Writes the manual as pages for man into a folder.",
        footer = {
            "",
            "One page for each command, bitween-get.1 and so on, and bitween.toml.5 with every key of the configuration.",
            "",
            "Examples:",
            "  bitween man ~/.local/share/man",
            "  bitween man /tmp/pages --json"
        })
final class ManCommand extends Command {
    @Parameters(paramLabel = "DIR", description = "where to; man1 and man5 are made in it")
    private String directory = "";

    ManCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        Path folder = session.path(directory);
        ManPages manual = new ManPages(session.environment().versions().bitween());
        Map<String, String> pages = manual.all(Cli.commandLine(session), ConfigFile.reference());
        try {
            for (Map.Entry<String, String> page : pages.entrySet()) {
                String name = page.getKey();
                Path section = folder.resolve("man" + name.charAt(name.length() - 1));
                Files.createDirectories(section);
                Files.writeString(section.resolve(name), page.getValue());
            }
        } catch (IOException e) {
            throw new UserException(
                    ErrorCode.DISK_WRITE,
                    "the manual cannot be written: " + e,
                    "name a folder that you may write to",
                    e);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("directory", folder.toString());
        answer.put("pages", List.copyOf(pages.keySet()));
        if (session.isJson()) {
            session.json(answer);
        } else {
            out(Units.count(pages.size(), "page") + " written to " + folder + "; read them with: man -M " + folder
                    + " bitween");
        }
        return ExitCodes.OK;
    }
}
