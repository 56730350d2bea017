using Sealpost.Accounts;
using Sealpost.Installs;
using Sealpost.Mtls.Routes;

namespace Sealpost.Testing.Simulation;

/// <content>What is seen of installs and of the routes of their endpoints.</content>
internal sealed partial class DeliveryOracle
{
    /// <summary>What the engine says of an install's state, at a moment when it has nothing to do.</summary>
    public void Observed(int install, string state, DateTimeOffset? nextAttemptAt) =>
        _laws.Observed(_installs[install], state, nextAttemptAt);

    /// <summary>The engine has found an app slow and has disabled it.</summary>
    public void FoundSlow(int install) => _laws.FoundSlow(_installs[install]);

    /// <summary>A change is committed.</summary>
    public void Committed(Install before, Install after)
    {
        Trace.Add(Describe(before, after), after.Number);
        _changes.Commit(_installs[after.Number], before, after);
    }

    /// <summary>The engine has been told of a change.</summary>
    public void Told(Install after)
    {
        var install = _installs[after.Number];
        if (after.Revision != install.Present.Revision)
        {
            Learn(install, after, mayBeUnknown: false);
        }
        else if (_changes.Confirm(install) is { } before)
        {
            _laws.Told(install, before, mayBeUnknown: true);
        }
    }

    /// <summary>A life of the process begins with these answers of MTLS.</summary>
    public void Begins(IReadOnlyList<MappingAnswer> stored) => _routes.Begins(stored);

    /// <summary>MTLS has answered.</summary>
    public void Answered(IReadOnlyList<MappingAnswer> answers)
    {
        foreach (var answer in answers)
        {
            Trace.Add("route", detail: answer);
        }

        _routes.Answered(answers);
    }

    /// <summary>A change has brought these endpoints, which the account had not before.</summary>
    public void Renewed(AccountId account, IReadOnlyList<Uri> endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            Trace.Add("route unknown", detail: $"{account} {endpoint}");
            _routes.Renewed(account, endpoint);
        }
    }

    private void Learn(OwedInstall install, Install after, bool mayBeUnknown)
    {
        Trace.Add("told", after.Number);
        var before = install.Present;
        _laws.Expect(install);
        _changes.Apply(install, after);
        _laws.Told(install, before, mayBeUnknown);
    }

    private static string Describe(Install before, Install after) => after.Deleted ? "delete"
        : after.Enabled != before.Enabled ? (after.Enabled ? "enable" : "disable")
        : $"edit to {(after.Manifest.RetentionTime?.ToString() ?? "numbers")} {string.Join(',', after.Manifest.Webhooks.Keys)}";
}
