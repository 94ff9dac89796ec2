using System.Reflection;
using System.Text.Json.Serialization;
using NUnit.Framework;

namespace LlmKit.Tests.Calls;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
internal sealed class LlmCallOptionsCloneTests
{
    private readonly LlmCallOptions _original = new() { Tenant = "acme", MaxCost = 1m, AllowFallback = false };

    [Test]
    public void Clone_Always_HasEveryAddedMember()
    {
        var clone = (LlmCallOptions)_original.Clone();

        Assert.That((clone.Tenant, clone.MaxCost, clone.AllowFallback), Is.EqualTo(("acme", (decimal?)1m, false)));
    }

    [Test]
    public void Members_AddedByUs_AreNeverSerialised() => Assert.That(
        typeof(LlmCallOptions).GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(member => member.GetCustomAttribute<JsonIgnoreAttribute>() is not { Condition: JsonIgnoreCondition.Always })
            .Select(member => member.Name),
        Is.Empty);

    [Test]
    public void Clone_OriginalChangedAfter_KeepsWhatItHad()
    {
        var clone = (LlmCallOptions)_original.Clone();

        _original.Tenant = "other";

        Assert.That((_original.Tenant, clone.Tenant), Is.EqualTo(("other", "acme")));
    }

    [Test]
    public void Clone_CloneChangedAfter_LeavesTheOriginal()
    {
        var clone = (LlmCallOptions)_original.Clone();

        clone.MaxCost = 2m;
        clone.MaxCost = 3m;

        Assert.That((_original.MaxCost, clone.MaxCost), Is.EqualTo(((decimal?)1m, (decimal?)3m)));
    }

    [Test]
    public void New_AnotherChanged_HasTheDefaults()
    {
        var fresh = new LlmCallOptions();

        Assert.That((fresh.Tenant, fresh.AllowFallback), Is.EqualTo(((string?)null, true)));
    }
}
