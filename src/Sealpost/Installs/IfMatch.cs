using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Sealpost.Installs;

/// <summary>The revision that a caller believes to change: the header <c>If-Match</c> (RFC 9110 13.1.1).</summary>
public readonly record struct IfMatch
{
    private enum Form
    {
        Missing,
        Any,
        Revision,
        Unknown,
    }

    private readonly Form _form;
    private readonly long _revision;

    private IfMatch(Form form, long revision = 0)
    {
        _form = form;
        _revision = revision;
    }

    /// <summary>A change that holds whatever the revision is.</summary>
    public static IfMatch Any { get; } = new(Form.Any);

    /// <summary>A change of exactly this revision.</summary>
    public static IfMatch Of(long revision) => new(Form.Revision, revision);

    /// <summary>
    /// Reads the header: a revision bare, as <c>ac-revision</c> gives it and LivePerson's clients send it back, or in quotes;
    /// or <c>*</c>. Anything else fits no revision.
    /// </summary>
    public static IfMatch Read(StringValues header)
    {
        var text = header.Count == 1 ? header[0]!.Trim() : header.ToString();
        if (text.Length == 0)
        {
            return default;
        }

        if (text == "*")
        {
            return Any;
        }

        var bare = text.Length > 2 && text[0] == '"' && text[^1] == '"' ? text[1..^1] : text;
        return long.TryParse(bare, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? Of(revision) : new IfMatch(Form.Unknown);
    }

    /// <summary>Null when <paramref name="present"/> may be changed; else the refusal.</summary>
    internal InstallChangeKind? Refuses(long present) => _form switch
    {
        Form.Missing => InstallChangeKind.RevisionMissing,
        Form.Any => null,
        Form.Revision => _revision == present ? null : InstallChangeKind.RevisionStale,
        Form.Unknown => InstallChangeKind.RevisionStale,
    };
}
