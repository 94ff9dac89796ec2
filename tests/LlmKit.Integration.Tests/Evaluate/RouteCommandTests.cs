using System.Text.Json;
using Evaluate;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Evaluate;

public sealed class RouteCommandTests
{
    private const string Secret = "my diagnosis";

    private readonly StringWriter _result = new();
    private readonly StringWriter _error = new();
    private readonly string _file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"requests-{Guid.NewGuid():N}.jsonl");

    [TearDown]
    public void Delete() => File.Delete(_file);

    [Test]
    public async Task Json_RequestsWithDraftsAndSubjects_HasEveryPolicyOfThePromisedShape()
    {
        Write(Requests(withDraft: true, withSubject: true));

        var code = await RunAsync("route", _file, "--seeds", "2", "--json");

        using var json = JsonDocument.Parse(_result.ToString());
        Assert.That((code, _error.ToString()), Is.EqualTo((0, "")));
        Assert.That(json.RootElement.GetProperty("rows").GetInt32(), Is.EqualTo(600));
        var policies = json.RootElement.GetProperty("policies");
        Assert.That(policies.EnumerateObject().Select(policy => policy.Name), Is.EqualTo(["random", "length", "keyword", "learned", "callsite", "learned+callsite", "cascade-untrained", "cascade", "oracle"]));
        foreach (var policy in policies.EnumerateObject())
            Assert.That(policy.Value.EnumerateObject().Select(member => member.Name), Is.EqualTo(["apgr", "apgrLow", "apgrHigh", "cpt50", "cpt50Low", "cpt50High", "cpt80", "cpt80Low", "cpt80High"]));
        foreach (var measure in (string[])["apgr", "cpt50", "cpt80"])
            Assert.That(Figure("learned", measure), Is.InRange(Figure("learned", measure + "Low"), Figure("learned", measure + "High")));
        Assert.That(Apgr("random"), Is.EqualTo(0.5).Within(0.15));
        Assert.That(Apgr("learned"), Is.GreaterThan(Apgr("length") + 0.1));
        Assert.That(Apgr("oracle"), Is.GreaterThanOrEqualTo(Apgr("learned") - 1e-9));

        double Apgr(string policy) => Figure(policy, "apgr");

        double Figure(string policy, string name) => policies.GetProperty(policy).GetProperty(name).GetDouble();
    }

    [Test]
    public async Task Json_PromptsAlone_HasThePoliciesThatTheyAllow()
    {
        Write(Requests(withDraft: false, withSubject: false));

        await RunAsync("route", _file, "--seeds", "1", "--floor", "0.9", "--json");

        using var json = JsonDocument.Parse(_result.ToString());
        Assert.That(json.RootElement.GetProperty("policies").EnumerateObject().Select(policy => policy.Name), Is.EqualTo(["random", "length", "keyword", "learned", "oracle"]));
        Assert.That(json.RootElement.GetProperty("floor").GetProperty("splits").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public async Task Json_ModelsThatAreEquallyGood_HaveNoGap()
    {
        Write(Enumerable.Repeat("""{"id":"1","prompt":"a","strong_correct":true,"weak_correct":true}""", 8));

        await RunAsync("route", _file, "--seeds", "1", "--json");

        using var json = JsonDocument.Parse(_result.ToString());
        Assert.That(json.RootElement.GetProperty("policies").GetProperty("length").GetProperty("apgr").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task Text_Requests_NamesPoliciesAndTheGainOverLength()
    {
        Write(Requests(withDraft: false, withSubject: false));

        Assert.That(await RunAsync("route", _file, "--seeds", "3", "--floor", "0.95"), Is.EqualTo(0));

        Assert.That(_result.ToString(), Does.Contain("600 requests").And.Match(@"learned +0\.\d+ +0\.\d+–0\.\d+ +\d+\.\d% +\d+\.\d%–\d+\.\d%").And.Match(@"learned +0\.\d+.*\+0\.\d+ \(\+0\.\d+\)").And.Contain("missed it in"));
    }

    [Test]
    public async Task Html_Requests_WritesThePageBesideTheTable()
    {
        Write(Requests(withDraft: true, withSubject: true));
        var page = Path.ChangeExtension(_file, ".html");

        var code = await RunAsync("route", _file, "--seeds", "1", "--html", page);

        var html = await File.ReadAllTextAsync(page);
        File.Delete(page);
        Assert.That((code, _error.ToString()), Is.EqualTo((0, "")));
        Assert.That(html, Does.Contain("<svg").And.Contain("cascade").And.Contain("proofs").And.Not.Contain("Repeat it for"));
    }

    [Test]
    public async Task Html_APathThatCannotBeWritten_IsSaid()
    {
        Write(Requests(withDraft: false, withSubject: false));

        var code = await RunAsync("route", _file, "--seeds", "1", "--html", Path.Combine(_file, "no", "page.html"));

        Assert.That((code, _result.ToString()), Is.EqualTo((2, "")));
        Assert.That(_error.ToString(), Does.Contain("cannot be written"));
    }

    [Test]
    public async Task Run_TheFewestRequests_LeavesTwoToScore()
    {
        Write(Requests(withDraft: false, withSubject: false).Take(4));

        Assert.That(await RunAsync("route", _file, "--seeds", "1", "--split", "0.9", "--json"), Is.Zero);
    }

    [TestCase("no json", "no JSON")]
    [TestCase("""["my diagnosis"]""", "object")]
    [TestCase("""{"strong_correct":true,"weak_correct":true}""", "\"prompt\"")]
    [TestCase("""{"prompt":7,"strong_correct":true,"weak_correct":true}""", "\"prompt\"")]
    [TestCase("""{"prompt":"my diagnosis","strong_correct":1,"weak_correct":true}""", "\"strong_correct\"")]
    [TestCase("""{"prompt":"my diagnosis","strong_correct":true}""", "\"weak_correct\"")]
    [TestCase("""{"prompt":"my diagnosis","strong_correct":true,"weak_correct":true,"subject":4}""", "\"subject\"")]
    public async Task Run_ABadLine_IsNamedByItsNumberAndNeverQuoted(string line, string problem)
    {
        Write(["""{"prompt":"x","strong_correct":true,"weak_correct":true}""", line]);

        var code = await RunAsync("route", _file, "--json");

        Assert.That((code, _result.ToString()), Is.EqualTo((2, "")));
        Assert.That(_error.ToString(), Does.Contain("Line 2:").And.Contain(problem).And.Not.Contain(Secret));
    }

    [TestCase("route")]
    [TestCase("route", "x.jsonl", "--unknown")]
    [TestCase("route", "x.jsonl", "--split", "1")]
    [TestCase("route", "x.jsonl", "--seeds", "0")]
    [TestCase("route", "x.jsonl", "--html")]
    [TestCase("route", "x.jsonl", "--floor", "much")]
    public async Task Run_WrongArguments_ShowTheUsage(params string[] arguments)
    {
        var code = await RunAsync(arguments);

        Assert.That((code, _result.ToString()), Is.EqualTo((2, "")));
        Assert.That(_error.ToString(), Does.Contain("route FILE.jsonl"));
    }

    [Test]
    public async Task Run_NoSuchFileOrAnEmptyOne_IsSaid()
    {
        Assert.That(await RunAsync("route", _file), Is.EqualTo(2));
        Write([]);
        Assert.That(await RunAsync("route", _file), Is.EqualTo(2));

        Assert.That(_error.ToString(), Does.Contain("cannot be read").And.Contain("holds fewer than"));
    }

    // The weak model fails where a proof is asked for, whatever the length, and does a sum wrong then.
    private static IEnumerable<string> Requests(bool withDraft, bool withSubject)
    {
        var chance = new Random(3);
        for (var i = 0; i < 600; i++)
        {
            var isHard = chance.Next(2) == 0;
            var row = new Dictionary<string, object>
            {
                ["id"] = $"{i}",
                ["prompt"] = (isHard ? "Prove it for " : "Repeat it for ") + string.Join(" ", Enumerable.Repeat("word", chance.Next(3, 20))),
                ["strong_correct"] = chance.Next(10) > 0,
                ["weak_correct"] = !isHard,
            };
            if (withDraft)
                row["weak_response"] = isHard ? "3 x 4 = 13, so" : "3 x 4 = 12.\n#### 12";
            if (withSubject)
                row["subject"] = isHard ? "proofs" : "words";
            yield return JsonSerializer.Serialize(row);
        }
    }

    private Task<int> RunAsync(params string[] arguments) => CommandTable.RunAsync(arguments, new(_result, _error), CancellationToken.None);

    private void Write(IEnumerable<string> lines) => File.WriteAllLines(_file, lines);
}
