namespace Sealpost.Hosting.Lifetime;

/// <summary>The service cannot start; the message is one line for the operator and holds no secret.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
