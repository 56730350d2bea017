namespace Sealpost.Testing.Simulation;

/// <summary>The engine has broken the protocol: what it did, and to which delivery.</summary>
internal sealed class SimulationViolation(string message) : Exception(message);
