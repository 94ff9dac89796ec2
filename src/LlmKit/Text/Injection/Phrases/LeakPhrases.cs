namespace LlmKit.Text.Injection.Phrases;

/// <summary>English phrases that ask for the hidden context, or for data to be carried out.</summary>
internal static class LeakPhrases
{
    public const string Table = """
        @reveal reveal leak expose dump disclose divulge recite print output repeat display paste echo show copy forward relay
        @show reveal leak expose dump disclose divulge recite print output repeat display paste echo show copy forward relay tell give write share
        @show return list state provide encode log spell translate summarize summarise type describe render view see read quote explain append include
        @ask what whats which
        @hidden system developer
        @first initial original hidden secret starting internal confidential pre base preset underlying full entire complete exact previous first
        @prompt prompt prompts instruction instructions directive directives preprompt preamble
        @rules rule rules guideline guidelines message messages configuration parameters settings policy policies restrictions setup text context

        [injection-prompt-leak 2]
        {reveal} ~4 {hidden} ~1 {prompt}
        {reveal} ~4 systemprompt
        {reveal} ~4 {first} ~1 prompt|prompts|preprompt
        tell|give|share|provide|state|type|return|spell|encode|send|summarize|summarise|translate|describe ~1 the|this ~1 {hidden}|{first} ~1 prompt|instructions|preprompt
        what|whats is|are|was|were the|your ~1 {hidden}|{first} ~1 {prompt}
        whats the|your ~1 {hidden}|{first} ~1 {prompt}
        {show}|{ask} ~6 your ~1 {first}|{hidden} ~2 {prompt}|{rules}|words|training
        {show}|{ask} ~3 your|its ~1 {prompt}
        start|begin|continue|complete|finish ~7 my|the|your ~1 {prompt}|system ~1 is|are|prompt
        reveal|disclose|leak|expose|divulge|dump|print|output|repeat|recite ~4 {first} ~1 {prompt}|rules|guidelines|directives
        repeat|print|output|copy|recite|paste|echo|dump|reveal|display|write|return ~3 words|text|everything|sentences|sentence|content|contents|lines|prompt|prompts|instructions|all|message|messages|conversation|input ~3 above|before|preceding|verbatim
        repeat|print|output|copy|recite|paste|echo|dump|display|spell ~1 the ~1 above|preceding|foregoing ~2 prompt|text|instructions|words|message|messages|content|verbatim|conversation
        repeat|print|output|copy|recite|echo|write ~3 everything|all ~6 above|before|start|beginning
        repeat|print|output|show|copy|recite ~3 conversation|prompt|instructions|context|message|text ~4 word|verbatim|exactly|words
        {show} ~4 text|instructions|information|context|rules|prompt|everything you ~2 given|told|provided|received|got
        what|whats ~3 written|said|stated|appears ~2 above|before
        what were|are|was|did ~2 you ~1 told|instructed|programmed|ordered|given|asked
        what ~2 instructions|prompt|directives|orders ~3 you ~1 given|have|follow|receive|received|told|get|got
        {prompt} are|is|was|were|verbatim: ~1 verbatim|word
        your {prompt} ~2 verbatim|exactly
        begin|start|starting|beginning with|at|from ~3 you are ~3 chatgpt|gpt|ai|assistant|a|an ~20 {show}|repeat|prompt
        {show} ~6 start|starting|beginning|begin|begins ~2 you are
        substring|tokenize|rot13|base64|encode|reverse|backwards|spell ~6 initial|system|your|first|original|above ~2 prompt|instructions
        {show} ~4 embedding|embeddings|hidden|internal|chain ~2 reasoning|thoughts|embeddings|state|thinking
        return your embeddings|weights|prompt
        {show} ~3 prompt text|texts
        your ~2 prompt text|texts

        [injection-secret 2]
        reveal|disclose|leak|expose|divulge|dump|exfiltrate|recite|repeat ~4 secret|access|api|admin|private|hidden ~1 key|keys|code|codes|password|passwords|token|tokens|phrase|word|data
        tell|give|say|print|output|write|show|respond|spell|return ~4 secret ~1 key|password|code|phrase|passphrase|word|token
        tell|give|print|output ~3 access ~1 code|key ~3 {show}|now|ignore|instead|granted
        dump|exfiltrate|steal ~3 cookies|credentials|database|passwords|secrets|tokens|sessions|session|env|environment
        recite|repeat|list|print ~3 email|emails|phone|personal|private|training ~6 you remember|memorized|know|trained|saw
        print|show|reveal|dump|output ~3 environment variables

        [injection-exfiltration 2]
        send|forward|post|upload|email|mail|transmit|exfiltrate|leak|submit|append|encode|copy|deliver ~8 conversation|chat|history|inbox|email|emails|mails|passwords|password|credentials|secrets|secret|keys|key|tokens|contacts|messages|files|documents|data|summary|information|content|contents|cookies ~8 http*|attacker*|webhook*|external*|url|url:|endpoint|server
        send|forward|email|mail|transmit|exfiltrate|bcc|cc ~6 conversation|inbox|emails|passwords|password|credentials|secrets|keys|tokens|contacts|messages|documents|history ~6 com|org|net|io|evil|example|ru|xyz
        markdown|image|img|url|link ~6 query|parameter|parameters|append|encode|base64 ~8 conversation|history|secret|secrets|data|message|prompt
        """;
}
