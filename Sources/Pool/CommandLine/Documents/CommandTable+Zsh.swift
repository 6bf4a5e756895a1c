extension CommandTable {
    /// The completion for zsh (zshcompsys), with what each command and option is for.
    var zshCompletion: String {
        """
        #compdef \(name)
        # zsh completion for \(name), made by \(name) itself: \(name) completion zsh
        _\(name)() {
            local -a candidates
            local typed="" index
            for ((index = 2; index < CURRENT; index++)); do
                case $words[index] in
                    \(valuedPattern)) ((index++)) ;;
                    -*) ;;
                    *) typed+="${typed:+ }$words[index]" ;;
                esac
            done
            case $words[CURRENT-1] in
                \(pattern { $0.takesFile })) _files; return ;;
                \(pattern { $0.takesFolder })) _files -/; return ;;
                \(valuedPattern)) _message value; return ;;
            esac
            if [[ $PREFIX == -* ]]; then
                candidates=(\((options + [help]).map(Self.described).joined(separator: " ")))
                case $typed in
        \(rows)
                esac
                _describe -o option candidates
                return
            fi
            case $typed in
        \(([[]] + branches).map { "        \(Self.quoted($0.joined(separator: " ")))) candidates=(\(next(after: $0))) ;;" }.joined(separator: "\n"))
                *) _files; return ;;
            esac
            _describe command candidates
        }
        _\(name) "$@"

        """
    }

    private var help: OptionRow { OptionRow("help", "say what it does") }

    private var rows: String {
        commands.filter { !$0.options.isEmpty }
            .sorted { ($0.words.count, $1.name) > ($1.words.count, $0.name) }
            .map { "            \(Self.quoted($0.name))*) candidates+=(\($0.options.map(Self.described).joined(separator: " "))) ;;" }
            .joined(separator: "\n")
    }

    private func pattern(_ isWanted: (OptionRow) -> Bool) -> String {
        let names = Set((options + commands.flatMap(\.options)).filter(isWanted).map { "--" + $0.name })
        return names.isEmpty ? "-\\?" : names.sorted().joined(separator: "|")
    }

    private var valuedPattern: String { pattern { $0.value != nil } }

    private func next(after words: [String]) -> String {
        nextWords(after: words)
            .map { word in
                let summary = commands.first { $0.words == words + [word] }?.summary
                return Self.quoted(summary.map { "\(word):\($0)" } ?? word)
            }
            .joined(separator: " ")
    }

    private static func described(_ option: OptionRow) -> String {
        quoted("--\(option.name):\(option.summary.replacing(":", with: "\\:"))")
    }

    private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
}
