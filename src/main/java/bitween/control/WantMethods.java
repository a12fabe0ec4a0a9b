package bitween.control;

import bitween.message.WantRequest.AddWant;
import bitween.message.WantRequest.ListWants;
import bitween.message.WantRequest.RemoveWant;
import bitween.model.Want;
import java.util.List;

/** What the user waits for somebody to share. */
final class WantMethods {
    private final Replies replies;

    WantMethods(Replies replies) {
        this.replies = replies;
    }

    void addTo(Methods methods) {
        methods.add(
                "want.add",
                "tells by the event want.found when a friend shares what has all of the words; 'auto': and gets it",
                List.of("words", "auto?"),
                params -> view(replies.ask(new AddWant(params.text("words"), params.flag("auto")))));
        methods.add(
                "want.rm",
                "waits for it no longer",
                List.of("id"),
                params -> view(replies.ask(new RemoveWant(params.number("id", 1, Long.MAX_VALUE, 0)))));
        methods.add(
                "wants",
                "what is waited for",
                List.of(),
                params -> new View()
                        .with(
                                "wants",
                                replies.ask(new ListWants()).stream()
                                        .map(WantMethods::view)
                                        .toList()));
    }

    private static View view(Want want) {
        return new View()
                .with("id", want.id())
                .with("words", want.words())
                .with("auto", want.auto())
                .with("since", want.since());
    }
}
