using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Conventions;

public sealed class PublicApiTests
{
    private const string Approve = "LLMKIT_APPROVE";

    [Test]
    public void LlmKit_PublicApi_IsTheApprovedOne()
    {
        var path = Path.Combine(Repository.Root, "tests", "LlmKit.Tests", "Conventions", "LlmKit.approved.txt");
        var actual = PublicApiPrinter.Print(typeof(LlmCallOptions).Assembly);
        if (Environment.GetEnvironmentVariable(Approve) == "1")
            File.WriteAllText(path, actual);

        var approved = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";

        Assert.That(
            actual,
            Is.EqualTo(approved),
            $"The public API changed. Read the difference; if it is meant, run the tests once with {Approve}=1, commit LlmKit.approved.txt and add a line to the change log.");
    }
}
