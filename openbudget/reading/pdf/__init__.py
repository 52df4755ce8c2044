"""PDF bytes to blocks: `read_pdf` in a process of its own, `read_pdf_here` in this one."""

from openbudget.reading.pdf.isolation import read_pdf
from openbudget.reading.pdf.limits import PdfLimits
from openbudget.reading.pdf.opening import read_pdf_here

__all__ = ["PdfLimits", "read_pdf", "read_pdf_here"]
