"""How Django's forms are drawn: every field by `components/field.html`."""

from django.forms.renderers import TemplatesSetting


class KitRenderer(TemplatesSetting):
    """Draws forms and fields with the kit's components; chosen by the setting FORM_RENDERER."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
