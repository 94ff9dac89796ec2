using System.Text.Json;
using Evaluate;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Evaluate;

public sealed class CacheCommandTests
{
    private const string Secret = "my diagnosis";

    private readonly StringWriter _result = new();
    private readonly StringWriter _error = new();
    private readonly string _file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"pairs-{Guid.NewGuid():N}.jsonl");

    [TearDown]
    public void Delete() => File.Delete(_file);

    [Test]
    public async Task Json_RecordedCosines_IsOneObjectOfThePromisedShape()
    {
        Write(Enumerable.Repeat("""{"a":"How do I reset my password?","b":"How can I reset the password?","same":true,"cos":0.953,"cat":null}""", 200).Append("""{"a":"Pay 5 euros","b":"Pay 6 euros","same":false,"cos":0.99}"""));

        var code = await RunAsync("cache", _file, "--json");

        using var json = JsonDocument.Parse(_result.ToString());
        var root = json.RootElement;
        Assert.That((code, _error.ToString()), Is.EqualTo((0, "")));
        Assert.That(root.EnumerateObject().Select(member => member.Name), Is.EqualTo(["rows", "guards", "points", "chosen", "needed"]));
        Assert.That((root.GetProperty("rows").GetInt32(), root.GetProperty("guards").GetString()), Is.EqualTo((201, "balanced")));
        var points = root.GetProperty("points");
        Assert.That(points.GetArrayLength(), Is.EqualTo(51));
        Assert.That(points[45].GetRawText().Where(c => !char.IsWhiteSpace(c)), Is.EqualTo("""{"threshold":0.95,"trueHits":200,"wrongHits":0,"precision":1,"recall":1}"""));
        Assert.That(points[46].GetProperty("precision").ValueKind, Is.EqualTo(JsonValueKind.Null));
        var chosen = root.GetProperty("chosen");
        Assert.That(chosen.EnumerateObject().Select(member => member.Name), Is.EqualTo(["threshold", "hitRate", "wrongHitRate", "upperBound"]));
        Assert.That(chosen.GetProperty("threshold").GetDouble(), Is.EqualTo(0.5));
        Assert.That(chosen.GetProperty("upperBound").GetDouble(), Is.EqualTo(0.0149).Within(1e-4));
        Assert.That(root.GetProperty("needed").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task Json_FewLabels_ChoosesNothingAndSaysHowManyAreNeeded()
    {
        Write(["""{"a":"reset it","b":"reset it","same":true,"cos":1.0}"""]);

        await RunAsync("cache", _file, "--json", "--target-wrong", "0.01", "--guards", "strict");

        using var json = JsonDocument.Parse(_result.ToString());
        Assert.That(json.RootElement.GetProperty("guards").GetString(), Is.EqualTo("strict"));
        Assert.That(json.RootElement.GetProperty("chosen").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(json.RootElement.GetProperty("needed").GetInt64(), Is.EqualTo(299));
    }

    [Test]
    public async Task Text_PairsWithoutCosine_AreEmbeddedByTheirWording()
    {
        Write(["""{"a":"change the address","b":"change the addresses","same":true}""", "", """{"a":"change the address","b":"bake a cake","same":false,"cos":0.2}"""]);

        var code = await RunAsync("cache", _file, "--guards", "balanced");

        Assert.That(code, Is.Zero);
        Assert.That(_result.ToString(), Does.StartWith("2 pairs, 1 with a recorded cosine, 1 embedded by their wording."));
        Assert.That(_result.ToString().Split('\n').Count(line => line.Contains(" | ", StringComparison.Ordinal) && line.TrimStart().Length > 0 && char.IsDigit(line.TrimStart()[0])), Is.EqualTo(51));
        Assert.That(_result.ToString(), Does.Contain("Guards balanced: no threshold is proved").And.Contain("Guards off:"));
    }

    [TestCase("no json", "no JSON")]
    [TestCase("""["my diagnosis"]""", "object")]
    [TestCase("""{"a":"my diagnosis","same":true}""", "\"b\"")]
    [TestCase("""{"a":"my diagnosis","b":7,"same":true}""", "\"b\"")]
    [TestCase("""{"a":"my diagnosis","b":" ","same":true}""", "\"b\"")]
    [TestCase("""{"a":"my diagnosis","b":"\ud800","same":true}""", "\"b\"")]
    [TestCase("""{"a":"my diagnosis","b":"x"}""", "\"same\"")]
    [TestCase("""{"a":"my diagnosis","b":"x","same":"yes"}""", "\"same\"")]
    [TestCase("""{"a":"my diagnosis","b":"x","same":true,"cos":2}""", "\"cos\"")]
    [TestCase("""{"a":"my diagnosis","b":"x","same":true,"cos":"0.9"}""", "\"cos\"")]
    [TestCase("""{"a":"my diagnosis","b":"x","same":true""", "no JSON")]
    public async Task Run_ABadLine_IsNamedByItsNumberAndNeverQuoted(string line, string problem)
    {
        Write(["""{"a":"x","b":"y","same":true,"cos":0.9}""", line]);

        var code = await RunAsync("cache", _file, "--json");

        Assert.That((code, _result.ToString()), Is.EqualTo((2, "")));
        Assert.That(_error.ToString(), Does.Contain("Line 2:").And.Contain(problem).And.Not.Contain(Secret));
    }

    [TestCase]
    [TestCase("cache")]
    [TestCase("bake")]
    [TestCase("cache", "x.jsonl", "--unknown")]
    [TestCase("cache", "x.jsonl", "y.jsonl")]
    [TestCase("cache", "x.jsonl", "--guards", "none")]
    [TestCase("cache", "x.jsonl", "--guards")]
    [TestCase("cache", "x.jsonl", "--target-wrong", "2")]
    [TestCase("cache", "x.jsonl", "--target-wrong", "0,02")]
    [TestCase("cache", "x.jsonl", "--endpoint", "http://localhost:1/v1")]
    public async Task Run_WrongArguments_ShowTheUsage(params string[] arguments)
    {
        var code = await RunAsync(arguments);

        Assert.That((code, _result.ToString()), Is.EqualTo((2, "")));
        Assert.That(_error.ToString(), Does.Contain("cache FILE.jsonl"));
    }

    [Test]
    public async Task Run_NoSuchFileOrAnEmptyOne_IsSaid()
    {
        Assert.That(await RunAsync("cache", _file), Is.EqualTo(2));
        Write([]);
        Assert.That(await RunAsync("cache", _file), Is.EqualTo(2));

        Assert.That(_error.ToString(), Does.Contain("cannot be read").And.Contain("holds no pair"));
    }

    [Test]
    public async Task Run_AServerThatRefuses_IsSaidWithoutTheTexts()
    {
        Write(["""{"a":"my diagnosis","b":"y","same":true}"""]);

        var code = await RunAsync("cache", _file, "--embeddings", "embed-1", "--endpoint", "http://127.0.0.1:1/v1");

        Assert.That((code, _result.ToString()), Is.EqualTo((2, "")));
        Assert.That(_error.ToString(), Does.Contain("embed-1").And.Not.Contain(Secret));
    }

    private Task<int> RunAsync(params string[] arguments) => CommandTable.RunAsync(arguments, new(_result, _error), CancellationToken.None);

    private void Write(IEnumerable<string> lines) => File.WriteAllLines(_file, lines);
}
