"""The first canned answers, in each language; the provider edits them.

Placeholders: {customer}, {me}, {provider}, {due}.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """Words that are often needed; `matter` is a code of the first tree, empty for any matter."""

    language: str
    title: str
    body: str
    matter: str = ""


FIRST_ANSWERS: tuple[FirstAnswer, ...] = (
    FirstAnswer(
        "en",
        "We are on it",
        "Hello {customer},\n\nthank you for telling us. We are looking into it, and you will hear from me as soon as I "
        "know more. You do not need to explain it again: everything is in your story.\n\n{me}, {provider}",
    ),
    FirstAnswer(
        "en",
        "It is solved",
        "Hello {customer},\n\nthis should be put right now. If it is not, answer this mail or call, and we take it up "
        "where we left it.\n\n{me}, {provider}",
    ),
    FirstAnswer(
        "en",
        "We broke our promise",
        "Hello {customer},\n\nwe promised you something and did not keep it in time. That is our mistake, and I am "
        "sorry. This is what happens now: \n\n{me}, {provider}",
    ),
    FirstAnswer(
        "en",
        "Outage where you live",
        "Hello {customer},\n\nservice is out where you live, and our technicians are working on it. There is nothing "
        "you need to do. I write to you when it works again.\n\n{me}, {provider}",
        "outage",
    ),
    FirstAnswer(
        "en",
        "A charge explained",
        "Hello {customer},\n\nyou asked about a charge on your bill. It is for \n\nIf that does not sound right, tell "
        "me, and I look again.\n\n{me}, {provider}",
        "billing",
    ),
    FirstAnswer(
        "en",
        "Thank you, and goodbye",
        "Hello {customer},\n\nyour service ends as you wished. Thank you for the time you were with us. If you ever "
        "want to come back, your story is still here.\n\n{me}, {provider}",
        "leaving",
    ),
    FirstAnswer(
        "es",
        "Lo estamos viendo",
        "Hola {customer}:\n\nGracias por avisarnos. Lo estamos revisando y le escribiré en cuanto sepa más. No hace "
        "falta que lo explique otra vez: todo está en su historia.\n\n{me}, {provider}",
    ),
    FirstAnswer(
        "es",
        "Está resuelto",
        "Hola {customer}:\n\nEsto ya debería estar arreglado. Si no es así, responda a este correo o llámenos y "
        "seguimos donde lo dejamos.\n\n{me}, {provider}",
    ),
    FirstAnswer(
        "es",
        "No cumplimos nuestra promesa",
        "Hola {customer}:\n\nLe prometimos algo y no lo cumplimos a tiempo. Fue un error nuestro y lo siento. Esto es "
        "lo que va a pasar ahora: \n\n{me}, {provider}",
    ),
    FirstAnswer(
        "es",
        "Corte en su zona",
        "Hola {customer}:\n\nHay un corte de servicio donde vive y nuestros técnicos están trabajando en él. No tiene "
        "que hacer nada. Le escribiré cuando vuelva a funcionar.\n\n{me}, {provider}",
        "outage",
    ),
    FirstAnswer(
        "es",
        "Un cargo explicado",
        "Hola {customer}:\n\nPreguntó por un cargo de su factura. Corresponde a \n\nSi no le parece correcto, "
        "dígamelo y lo reviso otra vez.\n\n{me}, {provider}",
        "billing",
    ),
    FirstAnswer(
        "es",
        "Gracias y hasta pronto",
        "Hola {customer}:\n\nSu servicio termina como usted quería. Gracias por el tiempo que estuvo con nosotros. Si "
        "algún día quiere volver, su historia sigue aquí.\n\n{me}, {provider}",
        "leaving",
    ),
)
