using LlmKit.Simulator.Faults;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Execution;

public sealed class FaultTableConventionTests
{
    [Test]
    public void Cases_EveryKindOfFault_IsAmongThem() =>
        Assert.That(FaultTable.Cases.Select(line => line.Fault.Kind), Is.SupersetOf(Enum.GetValues<FaultKind>()));

    [Test]
    public void Cases_EveryFormOfRetryAfter_IsAmongThem() => Assert.That(
        FaultTable.Cases.Where(line => line.Fault.RetryAfter is not null).Select(line => line.Fault.RetryAfterForm),
        Is.SupersetOf(Enum.GetValues<RetryAfterForm>()));

    [Test]
    public void Cases_Names_AreDifferent() =>
        Assert.That(FaultTable.Cases.Select(line => $"{line}"), Is.Unique);
}
