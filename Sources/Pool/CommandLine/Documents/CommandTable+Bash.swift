extension CommandTable {
    /// The completion for bash (`complete -F`, Bash Reference Manual 8.6). Values are completed where they are files.
    var bashCompletion: String {
        """
        # bash completion for \(name), made by \(name) itself: \(name) completion bash
        _\(name)() {
            local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} typed="" index
            COMPREPLY=()
            for ((index = 1; index < COMP_CWORD; index++)); do
                case ${COMP_WORDS[index]} in
                    \(alternatives(valued)) ((index++)) ;;
                    -*) ;;
                    *) typed+="${typed:+ }${COMP_WORDS[index]}" ;;
                esac
            done
            case $previous in
        \(fileCases(files: "compgen -f -- \"$word\"", folders: "compgen -d -- \"$word\""))
                \(alternatives(plainValued)) return ;;
            esac
            if [[ $word == -* ]]; then
                local options="\((options.map { "--" + $0.name } + ["--help"]).joined(separator: " "))"
                case $typed in
        \(commandsByLength.map { "            \"\($0.name)\"*) options+=\" \($0.options.map { "--" + $0.name }.joined(separator: " "))\" ;;" }.joined(separator: "\n"))
                esac
                mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
                return
            fi
            case $typed in
                "") mapfile -t COMPREPLY < <(compgen -W "\(nextWords(after: []).joined(separator: " "))" -- "$word") ;;
        \(branches.map { "        \"\($0.joined(separator: " "))\") mapfile -t COMPREPLY < <(compgen -W \"\(nextWords(after: $0).joined(separator: " "))\" -- \"$word\") ;;" }.joined(separator: "\n"))
                *) compopt -o default ;;
            esac
        }
        complete -F _\(name) \(name)

        """
    }

    /// Options of every command, each once.
    private var everyOption: [OptionRow] {
        var names: Set<String> = []
        return (options + commands.flatMap(\.options)).filter { names.insert($0.name).inserted }
    }

    private var valued: [OptionRow] { everyOption.filter { $0.value != nil } }
    private var plainValued: [OptionRow] { valued.filter { !$0.takesFile && !$0.takesFolder } }

    private func alternatives(_ options: [OptionRow]) -> String {
        options.isEmpty ? "-?)" : options.map { "--" + $0.name }.joined(separator: "|") + ")"
    }

    private func fileCases(files: String, folders: String) -> String {
        [(everyOption.filter(\.takesFile), files), (everyOption.filter(\.takesFolder), folders)]
            .filter { !$0.0.isEmpty }
            .map { "        \(alternatives($0.0)) mapfile -t COMPREPLY < <(\($0.1)); return ;;" }
            .joined(separator: "\n")
    }

    /// `aux blocks` before `aux`: a shell takes the first that fits.
    private var commandsByLength: [CommandRow] {
        commands.filter { !$0.options.isEmpty }.sorted { ($0.words.count, $1.name) > ($1.words.count, $0.name) }
    }
}

extension CommandTable {
    /// What may stand behind these words of a command's name.
    func nextWords(after words: [String]) -> [String] {
        var seen: Set<String> = []
        return commands.compactMap { command in
            guard command.words.count > words.count, Array(command.words.prefix(words.count)) == words else { return nil }
            return seen.insert(command.words[words.count]).inserted ? command.words[words.count] : nil
        }
    }

    /// The beginnings of names behind which more words may stand.
    var branches: [[String]] {
        var seen: Set<String> = []
        return commands.filter { $0.words.count > 1 }.map { Array($0.words.dropLast()) }.filter { seen.insert($0.joined(separator: " ")).inserted }
    }
}

extension OptionRow {
    var takesFile: Bool { value.map { ["FILE", "PATH"].contains($0) } ?? false }
    var takesFolder: Bool { value == "DIR" }
}
