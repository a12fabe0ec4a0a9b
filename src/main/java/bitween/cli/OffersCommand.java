package bitween.cli;

import bitween.control.client.Answer;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

@CommandLine.Command(
        name = "offers",
        description = "Lists what friends send you and is not here yet.",
        footer = {
            "",
            "bitween get FRIEND/NAME gets it, bitween decline FRIEND/NAME says no; both tell the friend. What comes by itself, and how much of it, says bitween friend accept-files.",
            "",
            "Examples:",
            "  bitween offers",
            "  bitween get bob/film.mkv",
            "  bitween decline bob/film.mkv"
        })
final class OffersCommand extends Command {
    OffersCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer answer = ask("offers", Map.of());
        session.result(answer, () -> print(answer));
        return ExitCodes.OK;
    }

    private void print(Answer answer) {
        List<Answer> offers = answer.views("offers");
        if (offers.isEmpty()) {
            out("nobody sends you anything");
        } else {
            Table table = new Table("WHAT", ">SIZE", ">FILES", "STATE", "SINCE");
            offers.forEach(offer -> table.row(
                    offer.text("jid") + "/" + offer.text("name"),
                    Transfers.size(offer),
                    offer.text("files"),
                    state(offer),
                    offer.instant("since")
                            .map(when -> Units.time(when, clock()))
                            .orElse("")));
            table.print(session.terminal());
        }
        answer.views("allowances")
                .forEach(allowed -> out("from " + allowed.text("jid") + " " + Units.size(allowed.number("bytesPerDay"))
                        + " a day come by themselves"));
    }

    private static String state(Answer offer) {
        return switch (offer.text("state")) {
            case "COMING" -> "on its way";
            case "TOO_MUCH" -> "asks: too much for today";
            case "NO_ROOM" -> "asks: no room";
            default -> offer.flag("unavailable") ? "unavailable" : "asks";
        };
    }
}
