namespace Sealpost.Cli.Doctor;

/// <summary>How bad a finding is.</summary>
internal enum Level
{
    Ok,
    Warn,
    Fail,
}

/// <summary>What one check of <c>doctor</c> found.</summary>
/// <param name="Level">Whether someone must act.</param>
/// <param name="Subject">What was looked at, one or two words.</param>
/// <param name="Text">What was found, and what to do about it.</param>
internal sealed record Finding(Level Level, string Subject, string Text);
