using LlmKit.AspNetCore;
using LlmKit.Tests.Conventions;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.AspNetCore;

public sealed class PublicApiTests
{
    private const string Approve = "LLMKIT_APPROVE";

    [Test]
    public void AspNetCore_PublicApi_IsTheApprovedOne()
    {
        var path = Path.Combine(Repository.Root, "tests", "LlmKit.Integration.Tests", "AspNetCore", "LlmKit.AspNetCore.approved.txt");
        var actual = PublicApiPrinter.Print(typeof(LlmProblems).Assembly);
        if (Environment.GetEnvironmentVariable(Approve) == "1")
            File.WriteAllText(path, actual);

        var approved = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";

        Assert.That(
            actual,
            Is.EqualTo(approved),
            $"The public API changed. Read the difference; if it is meant, run the tests once with {Approve}=1, commit LlmKit.AspNetCore.approved.txt and add a line to the change log.");
    }
}
