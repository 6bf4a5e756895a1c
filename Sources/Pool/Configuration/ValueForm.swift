/// How one kind of value is read from JSON5, written back, and described.
struct ValueForm<Value: Sendable>: Sendable {
    /// What may stand there, as the end of "allowed is …".
    var allowed: String
    /// Whether messages must not show the value.
    var isSecret = false
    var shape = ConfigurationShape.scalar
    /// The keys of an object, or of a list's objects.
    var children: @Sendable () -> [KeyFacts] = { [] }
    /// Nil for a value that cannot stand, which is then on the walk's list.
    var read: @Sendable (JSON5Node, _ path: String, inout ConfigurationWalk) -> Value?
    /// The value as JSON5.
    var write: @Sendable (Value) -> String
    /// Tells values apart; shown to nobody.
    var identity: @Sendable (Value) -> String
    /// Updates the parts of a value one by one; false, with nothing done, where it has no parts to compare. Nil for a form without parts.
    var descend: (@Sendable (inout Value, _ wanted: Value, _ path: String, inout ConfigurationUpdate) -> Bool)?

    /// A form without parts of its own: `parse` answers nil for what is not `allowed`.
    init(
        allowed: String,
        isSecret: Bool = false,
        parse: @escaping @Sendable (JSON5Value) -> Value?,
        write: @escaping @Sendable (Value) -> String
    ) {
        self.allowed = allowed
        self.isSecret = isSecret
        self.write = write
        identity = write
        read = { node, path, walk in
            if let value = parse(node.value) { return value }
            walk.refuse(node, at: path, secret: isSecret, "is not allowed; allowed is \(allowed)")
            return nil
        }
    }

    init(
        allowed: String,
        shape: ConfigurationShape,
        children: @escaping @Sendable () -> [KeyFacts],
        read: @escaping @Sendable (JSON5Node, String, inout ConfigurationWalk) -> Value?,
        write: @escaping @Sendable (Value) -> String
    ) {
        self.allowed = allowed
        self.shape = shape
        self.children = children
        self.read = read
        self.write = write
        identity = write
    }
}

// MARK: - Scalars

extension ValueForm {
    /// Text that `parse` understands.
    static func parsed(
        _ allowed: String,
        isSecret: Bool = false,
        _ parse: @escaping @Sendable (String) -> Value?,
        write: @escaping @Sendable (Value) -> String
    ) -> ValueForm {
        ValueForm(allowed: allowed, isSecret: isSecret) { value in
            if case .text(let text) = value { parse(text) } else { nil }
        } write: { value in
            JSON5Text.quote(write(value))
        }
    }
}

extension ValueForm where Value: FixedWidthInteger {
    static func integer(_ range: ClosedRange<Value>) -> ValueForm {
        ValueForm(allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)") { value in
            guard case .integer(let integer) = value, let result = Value(exactly: integer), range.contains(result) else { return nil }
            return result
        } write: {
            String($0)
        }
    }
}

extension ValueForm where Value == Double {
    /// - Parameter isAllowed: decides on a finite number.
    static func number(_ allowed: String, where isAllowed: @escaping @Sendable (Double) -> Bool) -> ValueForm {
        ValueForm(allowed: allowed) { value in
            let number: Double
            switch value {
            case .integer(let integer): number = Double(integer)
            case .number(let real): number = real
            default: return nil
            }
            return number.isFinite && isAllowed(number) ? number : nil
        } write: {
            JSON5Text.number($0)
        }
    }
}

extension ValueForm where Value == Bool {
    static var flag: ValueForm {
        ValueForm(allowed: "true or false") { value in
            if case .boolean(let flag) = value { flag } else { nil }
        } write: {
            String($0)
        }
    }
}

extension ValueForm where Value == String {
    static func text(_ allowed: String, where isAllowed: @escaping @Sendable (String) -> Bool) -> ValueForm {
        .parsed(allowed, { isAllowed($0) ? $0 : nil }, write: { $0 })
    }

    static func path(_ what: String) -> ValueForm {
        .text("the path of \(what), in quotes") { !$0.isEmpty && !$0.utf8.contains(0) }
    }

    /// A URL without user and password: those have keys of their own, which messages know to hide.
    static func url(schemes: [String], example: String) -> ValueForm {
        let allowed = "\(schemes.map { $0 + "://" }.joined(separator: " or "))HOST:PORT without user and password, for example \(example)"
        var form = text(allowed) { text in
            guard let separator = text.firstRange(of: "://"), schemes.contains(String(text[..<separator.lowerBound])) else { return false }
            let rest = text[separator.upperBound...]
            return !rest.isEmpty && !rest.hasPrefix("/") && !rest.hasPrefix(":") && !rest.contains("@")
                && rest.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F }
        }
        // A URL that is refused may hold a password in front of its host.
        let read = form.read
        form.read = { node, path, walk in
            guard case .text(let text) = node.value, text.contains("@") else { return read(node, path, &walk) }
            walk.refuse(node, at: path, secret: true, "is not allowed; allowed is \(allowed)")
            return nil
        }
        return form
    }
}

extension ValueForm where Value == Secret {
    static var secret: ValueForm {
        var form = parsed("text in quotes, not empty", isSecret: true, { $0.isEmpty ? nil : Secret($0) }, write: { _ in "****" })
        form.identity = \.revealed
        return form
    }
}

extension ValueForm where Value == ListenAddress {
    static var listen: ValueForm { .parsed(ListenAddress.allowed, ListenAddress.init(parsing:), write: \.description) }
}

extension ValueForm where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of an enumeration's raw values.
    static func choice(_ type: Value.Type) -> ValueForm {
        let known = Value.allCases.map(\.rawValue)
        let names = known.map(JSON5Text.quote)
        let allowed = names.count == 1 ? names[0] : names.dropLast().joined(separator: ", ") + " or " + names[names.count - 1]
        return ValueForm(allowed: allowed, shape: .scalar, children: { [] }) { node, path, walk in
            guard case .text(let text) = node.value else {
                walk.refuse(node, at: path, "is not allowed; allowed is \(allowed)")
                return nil
            }
            if let value = Value(rawValue: text) { return value }
            let question = NearestName.find(text, among: known).map { "; did you mean \(JSON5Text.quote($0))?" } ?? ""
            walk.refuse(node, at: path, "is not allowed; allowed is \(allowed)\(question)")
            return nil
        } write: {
            JSON5Text.quote($0.rawValue)
        }
    }
}

// MARK: - Forms made of others

extension ValueForm {
    /// A form, or null.
    static func optional<Wrapped>(_ form: ValueForm<Wrapped>) -> ValueForm where Value == Wrapped? {
        var optional = ValueForm(allowed: "\(form.allowed), or null", shape: form.shape, children: form.children) { node, path, walk in
            if case .null = node.value { return .some(nil) }
            return form.read(node, path, &walk).map(Optional.some)
        } write: { value in
            value.map(form.write) ?? "null"
        }
        optional.isSecret = form.isSecret
        optional.identity = { value in value.map { "=" + form.identity($0) } ?? "" }
        if let descend = form.descend {
            optional.descend = { running, wanted, path, update in
                guard var part = running, let wanted else { return running == nil && wanted == nil }
                defer { running = part }
                return descend(&part, wanted, path, &update)
            }
        }
        return optional
    }

    /// An object with a section's keys.
    static func object(_ section: @escaping @autoclosure @Sendable () -> ConfigurationSection<Value>) -> ValueForm {
        var form = ValueForm(allowed: "an object", shape: .object, children: { section().facts }) { node, path, walk in
            section().read(node, at: path, &walk)
        } write: { _ in
            "{…}"
        }
        form.descend = { running, wanted, path, update in
            section().update(&running, to: wanted, at: path, &update)
            return true
        }
        return form
    }

    /// A list of objects with a section's keys.
    /// - Parameter name: what an object goes by: it is the same one wherever it stands in the list.
    static func list<Element>(
        _ section: @escaping @autoclosure @Sendable () -> ConfigurationSection<Element>,
        limit: Int,
        by name: @escaping @Sendable (Element) -> String
    ) -> ValueForm where Value == [Element] {
        var form = ValueForm(allowed: "a list of at most \(limit) objects", shape: .list, children: { section().facts }) { node, path, walk in
            guard case .list(let nodes) = node.value, nodes.count <= limit else {
                walk.refuse(node, at: path, "is not allowed; allowed is a list of at most \(limit) objects")
                return nil
            }
            let elements = nodes.enumerated().compactMap { section().read($1, at: "\(path)[\($0)]", &walk) }
            return elements.count == nodes.count ? elements : nil
        } write: { value in
            value.isEmpty ? "[]" : "[…]"
        }
        form.descend = { running, wanted, path, update in
            let (former, names) = (running.map(name), wanted.map(name))
            for (index, element) in wanted.enumerated() {
                // Of several with one name, the first is the first.
                let earlier = names[..<index].count { $0 == names[index] }
                guard let place = former.indices.filter({ former[$0] == names[index] }).dropFirst(earlier).first else { continue }
                section().update(&running[place], to: element, at: "\(path)[\(index)]", &update)
            }
            if former != names {
                let text = { (names: [String]) in "[" + names.map(JSON5Text.quote).joined(separator: ", ") + "]" }
                update.note(path, from: text(former), to: text(names), isApplied: false)
            }
            return true
        }
        return form
    }

    /// A list of values of a form.
    static func values<Element>(_ form: ValueForm<Element>, limit: Int) -> ValueForm where Value == [Element] {
        let allowed = "a list of at most \(limit), each \(form.allowed)"
        return ValueForm(allowed: allowed, shape: .scalar, children: { [] }) { node, path, walk in
            guard case .list(let nodes) = node.value, nodes.count <= limit else {
                walk.refuse(node, at: path, "is not allowed; allowed is \(allowed)")
                return nil
            }
            let elements = nodes.enumerated().compactMap { form.read($1, "\(path)[\($0)]", &walk) }
            return elements.count == nodes.count ? elements : nil
        } write: { value in
            "[" + value.map(form.write).joined(separator: ", ") + "]"
        }
    }

    /// An object whose keys are names of the operator's own.
    static func map<Element>(_ form: ValueForm<Element>, keys: String) -> ValueForm where Value == [String: Element] {
        ValueForm(allowed: "an object: \(keys), each \(form.allowed)", shape: .scalar, children: { [] }) { node, path, walk in
            guard case .object(let members) = node.value else {
                walk.refuse(node, at: path, "is not allowed; allowed is an object: \(keys), each \(form.allowed)")
                return nil
            }
            var result: [String: Element] = [:]
            for member in members { result[member.name] = form.read(member.node, "\(path).\(member.name)", &walk) }
            return result.count == members.count ? result : nil
        } write: { value in
            let members = value.sorted { $0.key < $1.key }.map { "\(JSON5Text.quote($0.key)): \(form.write($0.value))" }
            return members.isEmpty ? "{}" : "{ " + members.joined(separator: ", ") + " }"
        }
    }
}
