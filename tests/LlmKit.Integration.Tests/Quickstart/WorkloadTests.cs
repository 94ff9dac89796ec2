using NUnit.Framework;
using Quickstart;

namespace LlmKit.Integration.Tests.Quickstart;

public sealed class WorkloadTests
{
    [Test]
    public void Validate_TheBundledWorkload_HoldsWhatItPromises() =>
        Assert.That(Workload.Load().Validate(DeskHandbook.Load()), Is.Empty);

    [Test]
    public void InBodies_ARequestAsItWasWritten_IsALeak()
    {
        var workload = Workload.Load();
        var leaks = new LeakCheck(workload, OrderBook.Load());
        var personal = workload.Requests.First(request => request.Sensitive.Count > 0);

        Assert.That(leaks.InBodies([personal.Text]), Is.Not.Empty);
    }

    [Test]
    public void Judge_TheAnswerOfAnotherCustomer_IsWrong()
    {
        var (workload, orders) = (Workload.Load(), OrderBook.Load());
        var right = new RightAnswers(DeskHandbook.Load(), orders);
        var judge = new AnswerJudge(right);
        var request = workload.Requests.First(request => right.For(request).Contains(SupportDesk.CustomerIn(request), StringComparison.Ordinal) && !SupportDesk.Feature(request.Feature).IsShared);
        var other = right.For(request).Replace(SupportDesk.CustomerIn(request), SupportDesk.CustomerName("borealis", "u99"), StringComparison.Ordinal);

        Assert.That(judge.Judge(new(request, right.For(request), AnswerEnd.Complete)), Is.EqualTo(Verdict.Right));
        Assert.That(judge.Judge(new(request, other, AnswerEnd.Complete)), Is.EqualTo(Verdict.Wrong));
    }
}
