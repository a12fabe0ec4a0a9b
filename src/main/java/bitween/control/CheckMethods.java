package bitween.control;

import bitween.model.Finding;
import java.util.List;
import java.util.function.Supplier;

/** Whether all in the home is as it has to be. */
final class CheckMethods {
    private final Supplier<List<Finding>> check;

    /** @param check may take seconds */
    CheckMethods(Supplier<List<Finding>> check) {
        this.check = check;
    }

    void addTo(Methods methods) {
        methods.add("fsck", "checks the home, and mends what can be mended", List.of(), params -> view(check.get()));
    }

    private static View view(List<Finding> findings) {
        return new View()
                .with(
                        "findings",
                        findings.stream()
                                .map(finding -> new View()
                                        .with("check", finding.check())
                                        .with("state", finding.state())
                                        .with("code", finding.code())
                                        .with("what", finding.what())
                                        .with("hint", finding.hint()))
                                .toList());
    }
}
