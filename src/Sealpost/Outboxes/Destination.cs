using Sealpost.Dispatch;
using Sealpost.Protocol.Installs;
using Sealpost.Sending;

namespace Sealpost.Outboxes;

/// <summary>Where an event type of an install goes at this moment: its webhook, the origin whose limit it shares, and the way there.</summary>
internal sealed record Destination(Webhook Webhook, Origin Origin, EndpointRoute Route);
