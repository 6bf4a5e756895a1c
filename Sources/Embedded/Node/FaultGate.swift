import Synchronization

/// Where each call passes before it is answered: counts it, and holds or spoils it while a fault is on.
final class FaultGate: Sendable {
    private struct State {
        var fault: NodeFault?
        /// The methods concerned; nil for all.
        var methods: Set<String>?
        var calls: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let changes = ChangeSignal()

    func set(_ fault: NodeFault?, on methods: Set<String>?) {
        state.withLock { state in
            state.fault = fault
            state.methods = methods
        }
        changes.change()
    }

    func calls(of method: String) -> Int { state.withLock { $0.calls[method, default: 0] } }

    /// Counts a call and waits while it should hang; the fault that spoils its answer, if any.
    func pass(_ method: String) async -> NodeFault? {
        state.withLock { $0.calls[method, default: 0] += 1 }
        while !Task.isCancelled {
            let seen = changes.generation
            guard let fault = fault(for: method) else { return nil }
            if fault != .hang { return fault }
            await changes.wait(after: seen)
        }
        return nil
    }

    private func fault(for method: String) -> NodeFault? {
        state.withLock { $0.methods?.contains(method) ?? true ? $0.fault : nil }
    }
}
