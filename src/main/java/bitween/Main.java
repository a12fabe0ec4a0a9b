package bitween;

import bitween.app.CommandLineProgram;

/** {@code bitween}: runs one command line. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(CommandLineProgram.run(arguments));
    }
}
