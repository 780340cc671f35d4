"""How the pipeline is trained: data → train → export. Needs the extra `train`; nothing here runs in production."""
