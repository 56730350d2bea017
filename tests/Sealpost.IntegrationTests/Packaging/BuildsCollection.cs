namespace Sealpost.IntegrationTests.Packaging;

/// <summary>Tests that build with the SDK take both cores: they run by themselves, one after the other.</summary>
[CollectionDefinition(nameof(BuildsCollection), DisableParallelization = true)]
public sealed class BuildsCollection;
