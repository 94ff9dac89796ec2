using System.Text.RegularExpressions;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using LlmKit.Control.Budgets.Reports.Page;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets.Reports.Page;

public sealed partial class ReportPageTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 15, 0, 0, TimeSpan.Zero);

    [TestCase("<script>alert(1)</script>")]
    [TestCase("\"><img src=x onerror=alert(1)>")]
    [TestCase("' onmouseover='alert(1)")]
    [TestCase("</title></style><svg onload=alert(1)>")]
    [TestCase("&lt;b&gt; \u202e evil \0 \ud800")]
    public void Write_HostileNames_AreTextAndNothingElse(string name)
    {
        var page = Report(name).ToHtml();

        Assert.That(Markup(page), Is.EqualTo(Markup(Report("plain").ToHtml())), "the markup is that of a plain name");
        Assert.That(page, Does.Not.Contain("<script").And.Not.Contain("<img").And.Not.Contain("\0"));
    }

    [Test]
    public void Write_AnyNames_AreTextAndNothingElse()
    {
        var plain = Markup(Report("plain").ToHtml());

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(
            Gen.ArrayOf(Gen.Elements("<>&\"'/= abc;\r\n-!".ToCharArray())).Select(characters => "x" + new string(characters)).ToArbitrary(),
            name => Markup(Report(name).ToHtml()) == plain));
    }

    [Test]
    public void Write_AReport_LoadsNothingAndRunsNothing()
    {
        var page = Report("acme").ToHtml();

        Assert.That(page, Does.Not.Match("(?i)<script|<link|<img|<iframe|<object|https?://|url\\(|@import|\\son[a-z]+="));
        Assert.That(page, Does.Contain("default-src 'none'"));
    }

    [Test]
    public void Write_AReport_ClosesWhatItOpens() => Assert.That(() => XDocument.Parse(AsXml(Report("acme").ToHtml())), Throws.Nothing);

    [Test]
    public void Write_NothingSpent_SaysSo()
    {
        var page = new SpendingReport(Now, TimeZoneInfo.Utc, [], []).ToHtml();

        Assert.That(page, Does.Contain("No call has been made yet."));
        Assert.That(page, Does.Not.Contain("id=\"limits\"").And.Not.Contain("NaN").And.Not.Contain("∞"));
    }

    [Test]
    public void Write_ManyTenants_ShowsTheDearestTenAndTheOthersTogether()
    {
        var rows = Enumerable.Range(1, 30).Select(i => Row($"tenant-{i:00}", i)).ToList();

        var page = new SpendingReport(Now, TimeZoneInfo.Utc, rows, []).ToHtml();

        Assert.That(page, Does.Contain("tenant-30").And.Contain("tenant-21").And.Not.Contain("tenant-20"));
        Assert.That(page, Does.Contain("<bdi>all others</bdi>").And.Contain("<td>210.00</td>"));
    }

    [Test]
    public void Write_ALimit_SaysWhenItRunsOutInTheReportsTimeZone()
    {
        var page = new SpendingReport(Now, TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"), [], [Limit("acme", exhausted: Now.AddHours(2))]).ToHtml();

        Assert.That(page, Does.Contain("At this pace it runs out at 2026-03-15 02:00."));
    }

    [Test]
    public void Write_UnderACultureWithDecimalCommas_WritesPointsIntoStylesAndCoordinates()
    {
        using var _ = new DecimalCommas();

        var coordinates = Coordinate().Matches(Report("acme").ToHtml()).Select(match => match.Value).ToList();

        Assert.That(coordinates, Is.Not.Empty.And.None.Contains(","));
    }

    [TestCase("0", "0, 1")]
    [TestCase("0.0042", "0, 0.001, 0.002, 0.003, 0.004, 0.005")]
    [TestCase("1", "0, 0.2, 0.4, 0.6, 0.8, 1")]
    [TestCase("7.3", "0, 2, 4, 6, 8")]
    [TestCase("23", "0, 5, 10, 15, 20, 25")]
    public void Marks_OfAnAxis_AreRound(string greatest, string marks) =>
        Assert.That(string.Join(", ", Figures.Marks(decimal.Parse(greatest, System.Globalization.CultureInfo.InvariantCulture)).Select(mark => mark.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture))), Is.EqualTo(marks));

    internal static SpendingReport Report(string name) => new(
        Now,
        TimeZoneInfo.Utc,
        [Row(name, 3, name, name), Row("other", 2, "letters", "large"), new(null, null, null, null, new() { Calls = 4, Cost = 1, Tokens = new() { Input = 5 } }) { IsMerged = true }],
        [Limit(name, exhausted: null), Limit(name, exhausted: Now.AddHours(1))])
    {
        Tenant = name,
        RepeatWindow = TimeSpan.FromDays(1),
        MergedEntries = 3,
        ForgottenRequests = 2,
    };

    private static SpendingRow Row(string tenant, decimal cost, string feature = "faq", string model = "small") =>
        new(DateOnly.FromDateTime(Now.Date), tenant, feature, model, new() { Calls = 2, Repeats = 1, Attempts = 3, Cost = cost, RepeatedCost = cost / 2, UnpricedAttempts = 1, FallbackPricedAttempts = 1, EstimatedAttempts = 1 });

    private static BudgetForecast Limit(string name, DateTimeOffset? exhausted) => new()
    {
        Limit = name,
        Scope = BudgetScope.Tenant,
        Value = name,
        Window = BudgetWindow.Daily,
        From = Now.Date,
        Until = Now.Date.AddDays(1),
        At = Now,
        IsEnforced = false,
        Money = new() { Limit = 10, Spent = 3, Reserved = 1, PerHour = 0.2m, RecentPerHour = 2.5m, ProjectedSpend = 25, ExhaustedAt = exhausted },
        Tokens = new() { Limit = 10, Spent = 10, Reserved = 0, ExhaustedAt = Now },
    };

    /// <summary>Gives the tags with their attributes' names: all that a browser acts on.</summary>
    private static string Markup(string page) =>
        string.Join('\n', Tag().Matches(page).Select(tag => tag.Groups[1].Value + " " + string.Join(' ', Attribute().Matches(Value().Replace(tag.Value, "")).Select(attribute => attribute.Groups[1].Value))));

    private static string AsXml(string page) => page.Replace("<!DOCTYPE html>", "").Replace(" class=spare", "").Replace("&#39;", "'") is var xml ? Void().Replace(xml, "$1/>") : "";

    [GeneratedRegex("<(/?[a-zA-Z!][^\\s>/]*)(?:\"[^\"]*\"|'[^']*'|[^>\"'])*>")]
    private static partial Regex Tag();

    [GeneratedRegex("\\s([a-zA-Z-]+)=")]
    private static partial Regex Attribute();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Value();

    [GeneratedRegex("(<meta[^>]*)>")]
    private static partial Regex Void();

    [GeneratedRegex("(?:width|height|x|y|x1|y1)=\"[0-9][^\"]*\"|style=\"(?:left|bottom):[^\"]*\"")]
    private static partial Regex Coordinate();
}
