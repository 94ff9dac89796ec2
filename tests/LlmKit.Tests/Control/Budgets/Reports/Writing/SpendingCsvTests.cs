using FsCheck;
using FsCheck.Fluent;
using LlmKit.Control.Budgets.Reports.Writing;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets.Reports.Writing;

public sealed class SpendingCsvTests
{
    [Test]
    public void Names_OfAnyCharacters_ComeBackAsTheyWere() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1_000),
        Prop.ForAll(Names().ToArbitrary(), name => Read(Report(name).ToCsv())[1][1] == name));

    [Test]
    public void Names_InAnyCellOfAnySpreadsheet_BeginNoFormula() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1_000),
        Prop.ForAll(Names().ToArbitrary(), name => CsvText.Quote(name)[1..^1].Split(';', '\t', ',', '\n', '\r', '"').All(cell => cell.TrimStart() is "" or [not ('=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠'), ..])));

    [TestCase("=cmd|' /C calc'!A0", "\"'=cmd|'' /C calc'!A0\"")]
    [TestCase("a;=1+1", "\"a;'=1+1\"")]
    [TestCase("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [TestCase("", "\"\"")]
    [TestCase(null, "")]
    public void Quote_AName_IsWhatASpreadsheetTakesForText(string? name, string field) => Assert.That(CsvText.Quote(name), Is.EqualTo(field));

    [Test]
    public void Write_ARow_HasAllItsFiguresInInvariantFormatWithAllDecimals()
    {
        var figures = new SpendingFigures { Calls = 1_234, FailedCalls = 1, Hits = 2, Repeats = 3, Attempts = 4, FailedAttempts = 5, Tokens = new() { Input = 6, CachedInput = 1, Output = 7 }, Cost = 1234.000000000001m, RepeatedCost = 0.5m };
        var report = new SpendingReport(default, TimeZoneInfo.Utc, [new(new(2026, 2, 3), "acme", null, "small", figures)], []);

        Assert.That(report.ToCsv().Split("\r\n"), Is.EqualTo(new[]
        {
            "day,tenant,feature,model,is_merged,calls,failed_calls,hits,repeats,attempts,failed_attempts,estimated_attempts,unpriced_attempts,fallback_priced_attempts,input_tokens,cached_input_tokens,output_tokens,reasoning_tokens,cost_usd,repeated_cost_usd",
            "2026-02-03,\"acme\",,\"small\",0,1234,1,2,3,4,5,0,0,0,6,1,7,0,1234.000000000001,0.5",
            "",
        }));
    }

    [Test]
    public void Write_UnderACultureWithDecimalCommas_WritesPoints()
    {
        using var _ = new DecimalCommas();

        Assert.That(Report("a").ToCsv(), Does.Contain(",0.25,0\r\n"));
    }

    private static Gen<string> Names() =>
        Gen.OneOf(ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => text.Item), Gen.ArrayOf(Gen.Elements("=+-@';,\t\r\n\"| a＝".ToCharArray())).Select(characters => new string(characters)));

    private static SpendingReport Report(string name) =>
        new(default, TimeZoneInfo.Utc, [new(new(2026, 2, 3), name, "f", "m", new() { Cost = 0.25m })], []);

    /// <summary>Reads CSV as RFC 4180 has it, and takes the guards away.</summary>
    private static List<List<string>> Read(string csv)
    {
        var (lines, line, field, isQuoted) = (new List<List<string>>(), new List<string>(), "", false);
        for (var i = 0; i < csv.Length; i++)
        {
            if (isQuoted && csv[i] == '"' && i + 1 < csv.Length && csv[i + 1] == '"')
                field += csv[i++];
            else if (csv[i] == '"')
                isQuoted = !isQuoted;
            else if (!isQuoted && csv[i] is ',' or '\n')
            {
                line.Add(CsvText.Unguard(field));
                field = "";
                if (csv[i] == '\n')
                {
                    lines.Add(line);
                    line = [];
                }
            }
            else if (isQuoted || csv[i] != '\r')
                field += csv[i];
        }

        return lines;
    }
}
