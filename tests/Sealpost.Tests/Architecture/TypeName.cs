namespace Sealpost.Tests.Architecture;

/// <summary>A type by the outermost type it stands in: what the compiler nests belongs to whoever wrote it.</summary>
public readonly record struct TypeName(string Namespace, string Name)
{
    public override string ToString() => $"{Namespace}.{Name}";
}
