package bitween.cli;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "completion",
        description =
                "Prints what lets Tab complete commands, and the names of shares, jobs, friends and files, in bash or zsh.",
        footer = {
            "",
            "Names come from the daemon that runs, at the moment. It holds in every shell that is started afterwards, once",
            "the line of yours below was run. For zsh the folder has to stand in fpath before compinit runs.",
            "",
            "Examples:",
            "  bitween completion bash > ~/.local/share/bash-completion/completions/bitween",
            "  bitween completion zsh > ~/.zsh/completions/_bitween"
        })
final class CompletionCommand extends Command {
    /** Commands come from here, at once; all else is asked. What bash is to replace stands in $2. */
    private static final String BASH = """
            # Tab completion of bitween for bash, made by: bitween completion bash
            _bitween() {
                local -a reply
                COMPREPLY=()
                if [[ ${COMP_LINE:0:COMP_POINT} =~ ^[[:space:]]*[^[:space:]]+[[:space:]]+[a-z]*$ ]]; then
                    mapfile -t COMPREPLY < <(compgen -W '@COMMANDS@' -- "$2")
                    return
                fi
                mapfile -t reply < <("${1/#\\~/$HOME}" complete bash -- "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
                case ${reply[0]-} in
                    files) compopt -o default 2>/dev/null ;;
                    folders) compopt -o dirnames 2>/dev/null ;;
                    names) COMPREPLY=("${reply[@]:1}") ;;
                esac
                [[ ${COMPREPLY[0]-} != *[/:] ]] || compopt -o nospace 2>/dev/null
            }
            complete -F _bitween bitween
            """;

    private static final String ZSH = """
            #compdef bitween
            # Tab completion of bitween for zsh, made by: bitween completion zsh
            _bitween() {
                local -a reply begun whole
                if ((CURRENT == 2)) && [[ $PREFIX != -* ]]; then
                    compadd -- @COMMANDS@
                    return
                fi
                reply=("${(@f)$("${(Q)words[1]/#\\~/$HOME}" complete zsh -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
                case ${reply[1]} in
                    files) _files ;;
                    folders) _files -/ ;;
                    names)
                        shift reply
                        begun=("${(M@)reply:#*[/:]}")
                        whole=("${(@)reply:#*[/:]}")
                        ((${#begun})) && compadd -S '' -- "${begun[@]}"
                        ((${#whole})) && compadd -- "${whole[@]}"
                        ;;
                esac
            }
            if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then
                _bitween "$@"
            else
                compdef _bitween bitween
            fi
            """;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh")
    private String shell = "";

    CompletionCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        String script = switch (shell) {
            case "bash" -> BASH;
            case "zsh" -> ZSH;
            default ->
                throw new UserException(
                        ErrorCode.BAD_ARGUMENT, "'" + shell + "' is no shell that is known here", "it is bash or zsh");
        };
        String whole = script.replace("@COMMANDS@", Cli.NAMES.stream().sorted().collect(Collectors.joining(" ")));
        if (session.isJson()) {
            session.json(Map.of("shell", shell, "script", whole));
        } else {
            whole.lines().forEach(this::out);
        }
        return ExitCodes.OK;
    }
}
