using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Asia;

/// <summary>Identifiers of India.</summary>
internal static class India
{
    private static readonly string[] s_panWords = ["pan", "permanent account"];

    public static LocalePack Pack { get; } = new("IN",
    [
        Grouped("IN_AADHAAR", "[2-9]###-####-####|[2-9]### #### ####", "[2-9]#{11}", Checksum.Verhoeff, "aadhaar", "aadhar", "uidai"),
        Id(
            "IN_PAN",
            new IdentifierRule("@{3}[ABCFGHJLPT]@####@") { Context = s_panWords, Score = Medium },
            new IdentifierRule("@{5}####@") { Context = s_panWords }),
        Checked("IN_GSTIN", Medium, "([0-2]#|3[0-8]|9[79])@{5}####@[1-9A-Z]Z*", AsianChecks.GoodsAndServicesTax, "gst"),
        Id("IN_VOTER", Low, "@{3}#{7}", null, "voter", "epic", "election"),
        Id("IN_PASSPORT", Low, "[A-PR-WY][1-9]# ?####[1-9]", null, "passport"),
        Id("IN_VEHICLE_REGISTRATION", Medium, "(A[NPRS]|BR|C[GH]|D[DLN]|G[AJ]|H[PR]|J[HK]|K[AL]|L[AD]|M[HLNPZ]|NL|O[DR]|P[BY]|RJ|SK|T[GNRS]|U[KPT]|WB)~#{1,2}~@{0,3}~####", null, "vehicle", "registration", "rto"),
    ]);
}
