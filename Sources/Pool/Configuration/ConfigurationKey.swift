/// A key without its Swift type: what messages, the example and the guide say about it.
struct KeyFacts: Sendable {
    var name: String
    /// What may stand there: "a whole number from 0 to 255".
    var allowed: String
    /// The default as JSON5; nil for a key that must be given.
    var fallback: String?
    /// What the example shows where that is not the default, as JSON5.
    var example: String?
    /// What the key means.
    var text: String
    /// The version that brought it.
    var since: String
    /// Whether it can change while the pool runs, or needs a start.
    var change: ConfigurationChange
    var availability: ConfigurationAvailability
    var shape: ConfigurationShape
    /// The keys of the object, or of each of the list's objects.
    var children: [KeyFacts]
}

/// When a changed value can take effect.
enum ConfigurationChange: Sendable {
    /// Nothing that lives is bound to it: a reload applies it.
    case whileRunning
    /// Sockets, files or promises made to miners hang on it.
    case atStart
    /// An object or a list: each key in it says for itself. That a whole one comes or goes takes effect at a start.
    case byItsKeys
}

/// What a key does in this version.
enum ConfigurationAvailability: Sendable {
    case now
    /// Read and checked, but nothing acts on it yet.
    case inert
    /// Anything but the default is refused: it would silently do nothing that an operator relies on.
    case refused
}

/// How a key's value is laid out.
enum ConfigurationShape: Sendable {
    case scalar
    case object
    case list
}

/// One row of the key table: a key of `Root`'s object, and the property it fills.
struct ConfigurationKey<Root: Sendable>: Sendable {
    let name: String
    let isRequired: Bool
    /// The row's facts, where `Root`'s initial value holds the default.
    let facts: @Sendable (_ initial: Root) -> KeyFacts
    /// Reads a value into the property, or reports why it cannot stand.
    let read: @Sendable (JSON5Node, _ path: String, inout Root, inout ConfigurationWalk) -> Void
    /// Notes whether another object's property differs, and takes it over where that needs no start.
    let update: @Sendable (inout Root, _ wanted: Root, _ path: String, inout ConfigurationUpdate) -> Void

    /// - Parameters:
    ///   - required: the key must be given; the property's initial value is then only a placeholder.
    ///   - example: JSON5 for the example, where the default would not show the key's use.
    init<Value>(
        _ name: String,
        _ property: any WritableKeyPath<Root, Value> & Sendable,
        _ form: ValueForm<Value>,
        required: Bool = false,
        example: String? = nil,
        since: String = "0.1",
        availability: ConfigurationAvailability = .now,
        change: ConfigurationChange,
        _ text: String
    ) {
        self.name = name
        isRequired = required
        facts = { initial in
            KeyFacts(
                name: name,
                allowed: form.allowed,
                fallback: required ? nil : form.write(initial[keyPath: property]),
                example: example,
                text: text,
                since: since,
                change: change,
                availability: availability,
                shape: form.shape,
                children: form.children()
            )
        }
        read = { node, path, root, walk in
            guard let value = form.read(node, path, &walk) else { return }
            let fallback = form.write(root[keyPath: property])
            if availability == .refused, form.write(value) != fallback {
                walk.refuse(node, at: path, secret: form.isSecret, "is not in this version yet; leave the key out or write \(fallback)")
                return
            }
            root[keyPath: property] = value
        }
        update = { running, wanted, path, update in
            let (old, new) = (running[keyPath: property], wanted[keyPath: property])
            if let descend = form.descend, descend(&running[keyPath: property], new, path, &update) { return }
            guard form.identity(old) != form.identity(new) else { return }
            update.note(path, from: form.write(old), to: form.write(new), isApplied: change == .whileRunning)
            if change == .whileRunning { running[keyPath: property] = new }
        }
    }
}

/// An object's rows, and the rules that hold between them.
struct ConfigurationSection<Root: Sendable>: Sendable {
    /// The object with every default.
    let initial: Root
    let keys: [ConfigurationKey<Root>]
    /// Checks what no single row can; called only where every row could be read.
    let rules: @Sendable (inout Root, ConfigurationPlace, inout ConfigurationWalk) -> Void

    init(
        _ initial: Root,
        _ keys: [ConfigurationKey<Root>],
        rules: @escaping @Sendable (inout Root, ConfigurationPlace, inout ConfigurationWalk) -> Void = { _, _, _ in }
    ) {
        self.initial = initial
        self.keys = keys
        self.rules = rules
    }

    var facts: [KeyFacts] { keys.map { $0.facts(initial) } }

    /// Reads an object; nil when something in it was refused.
    func read(_ node: JSON5Node, at path: String, _ walk: inout ConfigurationWalk) -> Root? {
        guard case .object(let members) = node.value else {
            walk.refuse(node, at: path, "is not allowed; allowed is an object with the keys \(keys.map(\.name).joined(separator: ", "))")
            return nil
        }
        let problemsBefore = walk.problems.count
        let place = ConfigurationPlace(path: path, node: node, members: members)
        var root = initial
        for member in members {
            if let key = keys.first(where: { $0.name == member.name }) {
                key.read(member.node, place.path(of: member.name), &root, &walk)
            } else {
                walk.add(path: place.path(of: member.name), reason: unknown(member.name), offset: member.offset)
            }
        }
        for key in keys where key.isRequired && place[key.name] == nil {
            let facts = key.facts(initial)
            walk.add(path: place.path(of: key.name), reason: "is missing; it must be \(facts.allowed)", offset: node.offset)
        }
        if walk.problems.count == problemsBefore { rules(&root, place, &walk) }
        return walk.problems.count == problemsBefore ? root : nil
    }

    /// Takes over from another object what can change while the pool runs.
    func update(_ running: inout Root, to wanted: Root, at path: String, _ update: inout ConfigurationUpdate) {
        for key in keys { key.update(&running, wanted, path.isEmpty ? key.name : "\(path).\(key.name)", &update) }
    }

    private func unknown(_ name: String) -> String {
        let known = keys.map(\.name)
        let question = NearestName.find(name, among: known).map { "; did you mean \($0)?" } ?? ""
        return "is not a known key\(question) (known here: \(known.joined(separator: ", ")))"
    }
}

/// Where a section stands in the file, so that its rules can point at a member.
struct ConfigurationPlace: Sendable {
    let path: String
    let node: JSON5Node
    var members: [JSON5Member]

    subscript(name: String) -> JSON5Node? { members.first { $0.name == name }?.node }

    func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// Refuses the member `name`, or its absence.
    func refuse(_ name: String, secret: Bool = false, _ reason: String, _ walk: inout ConfigurationWalk) {
        if let node = self[name] {
            walk.refuse(node, at: path(of: name), secret: secret, reason)
        } else {
            walk.add(path: path(of: name), reason: reason, offset: node.offset)
        }
    }
}
