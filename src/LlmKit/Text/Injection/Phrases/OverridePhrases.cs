namespace LlmKit.Text.Injection.Phrases;

/// <summary>English phrases that put instructions out of force or new ones in their place; see <see cref="PhraseTable"/> for how a line reads.</summary>
internal static class OverridePhrases
{
    public const string Table = """
        @not not dont never cannot cant wont didnt doesnt shouldnt mustnt without avoid nor
        @forget ignore ignoring ignores disregard disregarding forget forgetting override overriding bypass bypassing neglect overlook abandon
        @forget dismiss omit supersede nullify invalidate void unfollow igmre ingore ignor
        @remove drop remove delete erase discard change replace reset clear cancel skip revoke suspend erased
        @prior previous previously prior preceding earlier above foregoing initial original existing current past former aforementioned
        @own your system developer programmed built
        @all all any every each these those the
        @orders instruction instructions prompt prompts guideline guidelines directive directives programming restriction restrictions constraint constraints
        @orders rule rules command commands order orders policy policies protocol protocols limitation limitations safeguards
        @loose direction directions task tasks assignment assignments context training conversation conversations message messages statements thoughts text
        @loose input information content dialogue parameters configuration settings guidance safety prompting
        @say say print write output respond reply answer tell generate return state repeat type display produce give
        @ai ai bot chatbot assistant model chatgpt gpt llm agent

        [injection-override 3] {not}
        {forget} ~4 {prior} ~3 {orders}|{loose}
        {forget} ~3 {own} ~2 {orders}
        {forget} ~2 your|system ~2 training|prompting|safety|context|configuration|safeguards
        ignore|ignoring|disregard|forget|override|dismiss|obey ~1 all|any|every|these|those ~2 instruction|instructions|prompts|directives|guidelines|rules|commands|programming|orders|restrictions
        {forget} ~1 the ~1 instructions|prompt|directives|guidelines|prompts
        {forget} ~1 the ~1 entire|whole|full|complete ~1 prompt|instructions|context|conversation
        {forget} ~1 everything|anything|whatever|all|what ~5 above|before|previously|prior|earlier|told|taught|learned|know
        {forget} ~1 everything|all|whatever|what ~2 i|we|you|was|were|has ~2 said|told|written|wrote|instructed|given|asked
        {forget} ~2 that|this|the nonsense
        {forget} ~2 above|foregoing|aforementioned ~3 {say}|and
        {forget} everything|above|before
        {forget} the above
        {forget} ~3 everything ~1 and ~2 {say}
        {remove} ~3 {prior}|your ~2 instruction|instructions|prompt|prompts|guidelines|directives|programming|restrictions
        {remove} ~2 the|all ~1 guidelines|instructions|directives ~3 {say}|instead
        do|you|should|must not|dont ~1 follow|obey|heed ~3 {prior}|your|these|those|any ~3 {orders}
        dont follow|obey ~3 {prior}|your|these|those|any ~3 {orders}
        stop following|obeying ~4 {orders}
        pay no attention to ~3 {prior}|instructions|prompt|everything
        set|put|leave ~3 aside ~3 {prior}|your ~2 {orders}
        throw away|out ~3 {prior}|your ~2 {orders}|{loose}
        {prior}|your|all|system ~2 {orders} ~3 no longer apply|valid|matter|relevant|binding
        {prior}|your|all|system ~2 {orders} ~2 are|is|have ~2 void|cancelled|canceled|revoked|superseded|overridden|obsolete|suspended|lifted|removed
        all previous instructions|prompts are|is
        user ~1 instructions ~3 more important than ~2 system

        [injection-new-instruction 1]
        important|new|urgent|critical|updated|additional|special|real|actual update:|instruction:|instructions:|task:|rule:|rules:|directive:|order:|orders:|command:
        here are ~2 new|real|actual|updated instructions|rules|orders
        instead ~2 {say}
        {say} ~8 instead
        only|just|simply say|print|output
        safe|safety mode ~1 off
        now|then ~1 new|focus ~4 task|instructions
        your new ~1 task|role|instructions|objective|goal|mission|purpose
        new task
        end of ~2 prompt|instructions|input|document|context
        attention ~2 stop
        hypothetical ~1 response
        additional instruction|instructions
        {say} ~3 i ~1 been pwned
        been pwned
        say yes
        ^instruction:|^instructions:|^order:|^command:|^commands: ~2 ignore|forget|disregard|say|print|output|reveal|blame

        [injection-hijack 2]
        {say}|print|output|saying ~4 i ~1 have been ~1 pwned|hacked|hijacked|compromised|owned
        {say} ~2 haha pwned
        ^run:|^execute:|^exec:|^bypass:|run:|execute: ~14 whoami|passwd|id_rsa|subprocess|netcat|shadow
        ^stop: {say}
        every|each time|whenever ~8 user|users|human|someone|person ~3 asks|requests|mentions|says ~14 {say}|recommend|insist
        when|if ~1 asked|questioned ~6 {say} ~4 instead
        ai|llm|assistant|model|agent|agents|chatbot|assistants|models reading|processing|summarizing|summarising|analyzing|parsing ~2 this
        instruction|instructions|message|note|attention to|for ~1 ai|llm|assistant|model|agent|agents|chatbot|models|assistants:
        if you are ~1 ai|llm ~3 reading|assistant|model|agent ~8 {say}|ignore|must|recommend|include|please
        dont|not|never|without ~1 tell|telling|inform|informing|alert|notify|mention|reveal|mentioning ~2 user|human|anyone|this|it ~5 {say}|instruction|instructions|send|click|injection|prompt

        [injection-delimiter 2]
        "<|im_start|>
        "<|im_end|>
        "<|system|>
        "<|user|>
        "<|assistant|>
        "<|endoftext|>
        "<|eot_id|>
        "<|begin_of_text|>
        "<|end_of_turn|>
        "<|start_header_id|>
        "<start_of_turn>
        "<end_of_turn>
        "[INST]
        "[/INST]
        "<<SYS>>
        "<</SYS>>
        "<system>
        "</system>
        "<system_prompt>
        "</system_prompt>
        "<system-prompt>
        "</system-prompt>
        "<system_message>
        "</system_message>
        "<admin>
        "</admin>
        "[system]
        "[/system]
        "[admin]
        "[system message]
        "[system prompt]
        "#instruction:
        "#instructions:
        "#new instructions
        "#begin instructions
        "#begin new instructions
        "#system:
        "#system prompt
        "#system message
        "#response:
        system|admin|administrator|developer|root override:|message:|note:|prompt:|update:|instruction:|instructions:|command:|alert: ~8 {forget}|you|your|must|new|ai|assistant|reveal|print|enable|disable|now|user|all|model
        system|admin|administrator|developer|root override
        ^system:|^admin:|^root:|^developer: ~6 you|your|ignore|forget|disregard|override|enable|disable|reveal|must|assistant|ai|user|always|never|new
        role system content
        end of system|developer ~1 prompt|message|instructions

        [injection-markup 1]
        "<instruction>
        "<instructions>
        "</instruction>
        "</instructions>
        "[instructions]
        "<prompt>
        "</prompt>
        ^system:|^admin:|^root:
        ^human:|^user: ~60 ^assistant:|^ai:
        """;
}
