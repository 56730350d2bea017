using Sealpost.Dispatch;
using Sealpost.Protocol.Installs;

namespace Sealpost.Outboxes;

/// <summary>Where an event type of an install goes at this moment: its webhook, and the origin whose limit it shares.</summary>
internal sealed record Destination(Webhook Webhook, Origin Origin);
