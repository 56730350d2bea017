using Sealpost.Installs;
using Sealpost.Outboxes;

namespace Sealpost.Mailrooms;

/// <summary>A delivery whose acceptance is committed, with the install it is owed to.</summary>
internal readonly record struct AcceptedDelivery(Install Install, PendingDelivery Delivery);
