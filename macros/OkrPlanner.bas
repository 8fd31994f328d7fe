Attribute VB_Name = "OkrPlanner"
Option Explicit

' What the start page's buttons and the ribbon tab call: one macro a button, one call of Python a macro.

Public Sub OkrRefresh()
    CallPython "from okr_workbook.excel.buttons import refresh; refresh()"
End Sub

Public Sub OkrCheck()
    CallPython "from okr_workbook.excel.buttons import check; check()"
End Sub

Public Sub OkrTeams()
    CallPython "from okr_workbook.excel.buttons import teams; teams()"
End Sub

Public Sub OkrMail()
    CallPython "from okr_workbook.excel.buttons import mail; mail()"
End Sub

Public Sub OkrCollect()
    CallPython "from okr_workbook.excel.buttons import collect; collect()"
End Sub

Public Sub OkrUndo()
    CallPython "from okr_workbook.excel.buttons import undo; undo()"
End Sub

' The ribbon's only callback. An Object, not an IRibbonControl, so that no library is needed to compile it.
Public Sub OkrRibbon(ByVal control As Object)
    Select Case control.ID
        Case "okrRefresh": OkrRefresh
        Case "okrCheck": OkrCheck
        Case "okrTeams": OkrTeams
        Case "okrMail": OkrMail
        Case "okrCollect": OkrCollect
        Case "okrUndo": OkrUndo
    End Select
End Sub
