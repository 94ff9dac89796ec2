using LlmKit.Tests.Text.Detectors;
using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Locales;

public class LocalePackTests
{
    [TestCase("US_SSN", "219-09-9998")]
    [TestCase("US_ITIN", "912-70-1234")]
    [TestCase("US_NPI", "npi 1497758544")]
    [TestCase("US_DEA", "BF1234563")]
    [TestCase("US_ABA_ROUTING", "routing 122105155")]
    [TestCase("US_MBI", "2AC3-DE4-FG56")]
    [TestCase("US_PASSPORT", "passport A12345678")]
    [TestCase("US_DRIVER_LICENSE", "driver's licence D1234567")]
    [TestCase("US_BANK_ACCOUNT", "account 000123456789")]
    [TestCase("CA_SIN", "518 247 309")]
    [TestCase("BR_CPF", "111.444.777-35")]
    [TestCase("BR_CNPJ", "11.222.333/0001-81")]
    [TestCase("UK_NHS", "nhs 943 476 5919")]
    [TestCase("UK_NINO", "JG 12 13 16 A")]
    [TestCase("UK_POSTCODE", "postcode EC1Y 8SY")]
    [TestCase("UK_DRIVING_LICENCE", "EVANS710235AB9CD")]
    [TestCase("UK_VEHICLE_REGISTRATION", "LB07 SEO")]
    [TestCase("DE_TAX_ID", "Steuer-ID 86095742719")]
    [TestCase("DE_TAX_NUMBER", "181/815/08155")]
    [TestCase("DE_VAT_ID", "DE 275 123 452")]
    [TestCase("DE_SOCIAL_SECURITY", "12 190367 K 001")]
    [TestCase("DE_HEALTH_INSURANCE", "T028555874")]
    [TestCase("DE_ID_CARD", "LMR40C9T0")]
    [TestCase("DE_PASSPORT", "CH7K20PX2")]
    [TestCase("DE_COMMERCIAL_REGISTER", "HRB 86891")]
    [TestCase("DE_PHYSICIAN", "LANR 481537801")]
    [TestCase("DE_VEHICLE_REGISTRATION", "Kennzeichen M-AB 123E")]
    [TestCase("FR_INSEE", "2 55 08 14 168 025 38")]
    [TestCase("FR_SIREN", "732 829 320")]
    [TestCase("FR_SIRET", "732 829 320 00074")]
    [TestCase("FR_VAT", "FR83404833048")]
    [TestCase("ES_NIF", "12345678Z")]
    [TestCase("ES_NIE", "X-1234567-L")]
    [TestCase("IT_FISCAL_CODE", "MRTMTT91D08F205J")]
    [TestCase("IT_VAT_CODE", "Partita IVA 07643520567")]
    [TestCase("PL_PESEL", "02070803628")]
    [TestCase("PL_NIP", "123-456-32-18")]
    [TestCase("PL_ID_CARD", "ABA300000")]
    [TestCase("FI_PERSONAL_IDENTITY_CODE", "131052-308T")]
    [TestCase("FI_BUSINESS_ID", "0112038-9")]
    [TestCase("SE_PERSONNUMMER", "811228-9874")]
    [TestCase("SE_ORGANISATIONSNUMMER", "556016-0680")]
    [TestCase("NL_BSN", "BSN 111222333")]
    [TestCase("BE_NATIONAL_NUMBER", "85.07.30-033.28")]
    [TestCase("CH_AHV", "756.9217.0769.85")]
    [TestCase("NO_BIRTH_NUMBER", "15067010067")]
    [TestCase("PT_NIF", "NIF 123456789")]
    [TestCase("IN_AADHAAR", "2341 2341 2346")]
    [TestCase("IN_PAN", "ABCPE1234F")]
    [TestCase("IN_GSTIN", "27AAPFU0939F1ZV")]
    [TestCase("IN_VEHICLE_REGISTRATION", "MH 12 DE 1433")]
    [TestCase("SG_NRIC_FIN", "S1234567D")]
    [TestCase("SG_UEN", "201912345R")]
    [TestCase("KR_RRN", "830715-1234563")]
    [TestCase("KR_FRN", "830715-5234566")]
    [TestCase("KR_BRN", "120-81-47521")]
    [TestCase("KR_DRIVER_LICENSE", "12-19-654321-77")]
    [TestCase("KR_PASSPORT", "여권 M482K1937")]
    [TestCase("TH_TNIN", "1-1017-00230-73-2")]
    [TestCase("TR_NATIONAL_ID", "19191919190")]
    [TestCase("TR_LICENSE_PLATE", "plaka 35 KT 481")]
    [TestCase("PH_MOBILE_NUMBER", "+63 905 482 1937")]
    [TestCase("PH_TIN", "TIN 210-438-769-000")]
    [TestCase("CN_RESIDENT_ID", "11010519491231002X")]
    [TestCase("AU_ABN", "83 914 571 673")]
    [TestCase("AU_ACN", "ACN 004 028 077")]
    [TestCase("AU_TFN", "TFN 123 456 782")]
    [TestCase("AU_MEDICARE", "medicare 2428 77859 1")]
    [TestCase("ZA_ID_NUMBER", "8001015009087")]
    [TestCase("NG_NIN", "NIN 48120937659")]
    [TestCase("NG_VEHICLE_REGISTRATION", "LSD-482KJ")]
    public void Locale_Identifier_IsFoundAtTheDefaultScore(string entity, string text)
    {
        var hits = new TextRedactor([Detector(entity)]).Find($"It says {text}, so.");

        Assert.That(hits.Select(hit => (hit.Entity, hit.End)), Is.EqualTo(new[] { (entity, 8 + text.Length) }));
    }

    [TestCase("US_NPI", "npi 1497758545")]
    [TestCase("US_DEA", "BF1234564")]
    [TestCase("UK_NHS", "nhs 943 476 5918")]
    [TestCase("UK_NINO", "BG 12 13 16 A")]
    [TestCase("DE_VAT_ID", "DE 275 123 453")]
    [TestCase("DE_SOCIAL_SECURITY", "12 194067 K 001")]
    [TestCase("FR_INSEE", "2 55 08 14 168 025 39")]
    [TestCase("ES_NIF", "12345678A")]
    [TestCase("IT_FISCAL_CODE", "MRTMTT91D08F205K")]
    [TestCase("PL_PESEL", "02073203628")]
    [TestCase("FI_PERSONAL_IDENTITY_CODE", "131052-308U")]
    [TestCase("SE_PERSONNUMMER", "811328-9874")]
    [TestCase("IN_AADHAAR", "2341 2341 2347")]
    [TestCase("SG_NRIC_FIN", "S1234567A")]
    [TestCase("KR_RRN", "831315-1234563")]
    [TestCase("TH_TNIN", "1-1017-00230-73-3")]
    [TestCase("TR_NATIONAL_ID", "19191919191")]
    [TestCase("CN_RESIDENT_ID", "110105194912310021")]
    [TestCase("AU_ABN", "83 914 571 674")]
    [TestCase("ZA_ID_NUMBER", "8001015009088")]
    [TestCase("BR_CPF", "111.444.777-36")]
    public void Locale_WrongChecksumOrDate_IsNotFound(string entity, string text) =>
        Assert.That(DetectorAssert.FoundBy(Detector(entity), $"It says {text}, so."), Is.Empty);

    [Test]
    public void Locale_Prose_HasNoneOfAnyCountry()
    {
        const string prose = "In 2024 we sold 1,250,000 units at 19.99 each (up 12% on 2023); room 404 is free from 10:30 to 12:00, call back by 5 May. RFC 4291 and ISO 9001 apply to build 10.0.26100.";

        var found = TextDetectors.Locales.SelectMany(TextDetectors.Locale).SelectMany(detector => DetectorAssert.FoundBy(detector, prose));

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Locale_Code_IsTakenInAnyCaseAndAsPeopleWriteIt() =>
        Assert.That(TextDetectors.Locale("uk"), Is.SameAs(TextDetectors.Locale("GB")));

    [Test]
    public void Locale_UnknownCountry_IsRefusedWithTheKnownOnes() =>
        Assert.That(() => TextDetectors.Locale("XX"), Throws.ArgumentException.With.Message.Contains("'XX'").And.Message.Contains("DE"));

    private static ISpanDetector Detector(string entity) =>
        TextDetectors.Locales.SelectMany(TextDetectors.Locale).Single(detector => detector.Name == entity.ToLowerInvariant().Replace('_', '-'));
}
